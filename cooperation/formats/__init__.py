"""How dates and numbers look, where a language's usual form in Django is not the portal's."""
