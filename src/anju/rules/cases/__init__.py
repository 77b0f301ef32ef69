"""How a problem goes from being told to being archived: the workflow as data, one engine, the catalogue of matters. `docs/cases.md`."""
