"""The owners' count (业主共同决定, 民法典 278): weight, decision, election, explanation, and the file that anyone can recount."""
