"""What agencies get wrong: each fault a switch with a rate, a stream of its own and a mark on the rows it befell."""
