"""How a name comes to be written wrong, and the short forms of forenames. All can be written in cp1252."""

_SHORT_FORMS = """
    Abigail: Abi, Alexander: Alex, Alfie: Alf, Andrew: Andy, Anthony: Tony, Benjamin: Ben, Cameron: Cam, Caitlin: Cait,
    Charlotte: Lottie, Christopher: Chris, Daniel: Dan, Danielle: Dani, Edward: Ed, Eleanor: Ellie, Elizabeth: Liz,
    Gareth: Gaz, Georgia: George, Ibrahim: Ibby, Isabel: Izzy, Jacob: Jake, James: Jim, Jasmine: Jas, Jessica: Jess,
    Joanne: Jo, Joseph: Joe, Joshua: Josh, Katie: Kate, Laura: Lol, Leanne: Lee, Lewis: Lew, Martin: Mart,
    Matthew: Matt, Megan: Meg, Michael: Mike, Michelle: Shell, Mohammed: Mohd, Natalie: Nat, Nathan: Nate,
    Nicola: Nicky, Oliver: Ollie, Olivia: Liv, Patrick: Paddy, Peter: Pete, Rachel: Rach, Rebecca: Becky,
    Richard: Rich, Robert: Rob, Samantha: Sam, Samuel: Sam, Simon: Si, Stephen: Steve, Steven: Steve, Thomas: Tom,
    Victoria: Vicky, William: Will, Yasmin: Yas, Zachary: Zac
"""
_TRANSLITERATIONS = """
    Mohammed: Muhammad, Ahmed: Ahmad, Hussain: Hussein, Aisha: Ayesha, Fatima: Fatema, Hassan: Hasan, Yasmin: Yasmeen,
    Zara: Zahra, Ibrahim: Ebrahim, Ali: Aly, Begum: Begam, Kaur: Kor, Khan: Kahn, Miah: Mia, Patel: Patil, Singh: Sing,
    Müller: Mueller, Núñez: Nunes, José: Josef, Seán: Shaun, Siân: Sharn, Zoë: Zoey, Chloë: Cloe, Renée: Rene,
    O'Brien: OBrian, O'Connor: OConner, O'Neill: ONeil, McCarthy: MacCarthy, McDonald: MacDonald, McLean: MacLean
"""
_SOUNDS_ALIKE = ("ph f", "ck k", "ee ea", "ie y", "ai ay", "ou u", "th t", "sh ch", "ll l", "tt t", "nn n", "ss s")
_SINGLE_SOUNDS = ("c k", "s z", "i y", "f ph", "e a", "o u", "k c", "v w")


def _listed(text: str) -> dict[str, str]:
    return dict(item.split(": ") for item in " ".join(text.split()).split(", "))


SHORT_FORMS = _listed(_SHORT_FORMS)
TRANSLITERATIONS = _listed(_TRANSLITERATIONS)


def misspelt(name: str, sort: float, place: float) -> str:
    """Return ``name`` with one mistake in it.

    Args:
        name: a name of two letters at least.
        sort: a uniform that chooses among the sorts of mistake that can be made in this name.
        place: a uniform that chooses where.
    """
    found = (make(name) for make in (_transposed, _dropped, _doubled, _alike, _transliterated))
    sorts = [options for options in found if options]
    options = sorts[int(sort * len(sorts))]
    return options[int(place * len(options))]


def _transposed(name: str) -> list[str]:
    """Exchange two neighbouring letters that differ; the first letter stays."""
    places = [i for i in range(1, len(name) - 1) if name[i : i + 2].isalpha() and name[i] != name[i + 1]]
    return [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in places]


def _dropped(name: str) -> list[str]:
    return [name[:i] + name[i + 1 :] for i in range(1, len(name)) if len(name) > 2 and name[i].isalpha()]


def _doubled(name: str) -> list[str]:
    return [name[:i] + name[i] + name[i:] for i in range(1, len(name)) if name[i].isalpha()]


def _alike(name: str) -> list[str]:
    """Replace a sound by another spelling of it; the first letter stays."""
    pairs = (pair.split() for pair in (*_SOUNDS_ALIKE, *_SINGLE_SOUNDS))
    return [name[0] + name[1:].replace(sound, other, 1) for sound, other in pairs if sound in name[1:]]


def _transliterated(name: str) -> list[str]:
    return [TRANSLITERATIONS[name]] if name in TRANSLITERATIONS else []
