"""Names for people who do not exist. All can be written in cp1252, the code page of older police systems."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


FEMALE = _listed(
    """
    Abigail, Aisha, Alice, Amelia, Amy, Anna, Beth, Caitlin, Carol, Charlotte, Chloë, Claire, Daisy, Danielle,
    Donna, Eleanor, Elizabeth, Ella, Emily, Emma, Erin, Fatima, Fiona, Freya, Georgia, Gemma, Grace, Hannah,
    Heather, Holly, Imogen, Isabel, Jade, Jasmine, Jessica, Jodie, Joanne, Julie, Karen, Katie, Kayleigh, Kelly,
    Kerry, Laura, Lauren, Leanne, Lily, Lisa, Lucy, Maisie, Maria, Megan, Mia, Michelle, Molly, Natalie, Nicola,
    Nicole, Olivia, Paige, Poppy, Rachel, Rebecca, Renée, Rosie, Ruby, Samantha, Sarah, Shannon, Siân, Sophie,
    Stacey, Tracey, Victoria, Yasmin, Zara, Zoë
    """
)
MALE = _listed(
    """
    Aaron, Adam, Alan, Alexander, Alfie, Andrew, Anthony, Ashley, Benjamin, Bradley, Brandon, Callum, Cameron,
    Charlie, Christopher, Connor, Craig, Daniel, Darren, David, Dean, Dylan, Edward, Elliot, Ethan, Finley, Gareth,
    Gary, Harry, Harvey, Hassan, Ibrahim, Jack, Jacob, Jake, James, Jamie, Jason, Jay, Joe, John, Jordan, José,
    Joseph, Joshua, Kai, Kevin, Kieran, Kyle, Lee, Leon, Lewis, Liam, Logan, Luke, Mark, Martin, Matthew, Max,
    Michael, Mohammed, Nathan, Noah, Oliver, Owen, Patrick, Paul, Peter, Reece, Rhys, Richard, Riley, Robert, Ryan,
    Samuel, Seán, Simon, Stephen, Steven, Thomas, Toby, Tyler, Wayne, William, Zachary
    """
)
SURNAMES = _listed(
    """
    Adams, Ahmed, Ali, Allen, Anderson, Andrews, Atkinson, Bailey, Baker, Ball, Barker, Barnes, Barrett, Bates,
    Begum, Bell, Bennett, Berry, Bishop, Booth, Bradley, Brooks, Brown, Burgess, Burton, Butler, Byrne, Campbell,
    Carr, Carter, Chambers, Chapman, Clark, Clarke, Cole, Coleman, Collins, Cook, Cooper, Cox, Cunningham, D'Arcy,
    Davies, Davis, Dawson, Day, Dixon, Doyle, Edwards, Elliott, Ellis, Evans, Fisher, Fletcher, Foster, Fowler, Fox,
    Francis, Fraser, French, Gallagher, Gardner, George, Gibson, Gilbert, Gill, Gordon, Graham, Grant, Gray, Green,
    Griffiths, Hall, Hamilton, Harper, Harris, Harrison, Hart, Harvey, Hawkins, Hayes, Henderson, Hill, Holland,
    Holmes, Houghton-Smith, Howard, Hudson, Hughes, Hunt, Hunter, Hussain, Jackson, James, Jenkins, Johnson,
    Johnston, Jones, Jordan, Kaur, Kelly, Kennedy, Khan, King, Knight, Lane, Lawrence, Lawson, Lee, Lewis, Lloyd,
    Lowe, Lynch, Macdonald, Marsh, Marshall, Martin, Mason, Matthews, May, McCarthy, McDonald, McLean, Miah, Miller,
    Mills, Mitchell, Moore, Morgan, Morris, Müller, Murphy, Murray, Newman, Nicholson, Núñez, O'Brien, O'Connor,
    O'Neill, Owen, Palmer, Parker, Parsons, Patel, Payne, Pearce, Pearson, Perry, Phillips, Poole, Porter, Powell,
    Price, Read, Rees, Reid, Reynolds, Richards, Richardson, Riley, Roberts, Robertson, Robinson, Rogers, Rose,
    Ross, Russell, Ryan, Saunders, Scott, Sharp, Shaw, Simpson, Singh, Smith, Spencer, St John, Stevens, Stewart,
    Stone, Sutton, Taylor, Thomas, Thompson, Thomson, Tucker, Turner, Walker, Wallace, Walsh, Ward, Warren, Watkins,
    Watson, Watts, Webb, Wells, West, White, Wilkinson, Williams, Williamson, Willis, Wilson, Wood, Woods, Wright,
    Young
    """
)
