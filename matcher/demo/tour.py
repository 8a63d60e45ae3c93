"""What the demo says when it is ready: the address, the sign-ins and what to try first. In French and English."""

PASSWORD = "bienvenue-au-binome"  # noqa: S105 (printed at the start of the demo)
SIGN_INS = (
    ("coordinatrice / coordinator", "camille.bertholon@binome.example"),
    ("association (FR)", "odile.faucher@jardins-de-la-duchere.example"),
    ("association (EN)", "eleanor.whitcombe@lantern-library.example"),
    ("bénévole / volunteer (FR)", "marie.lemoine@binome-demo.example"),
    ("bénévole / volunteer (EN)", "tom.bradley@binome-demo.example"),
    ("administrateur / administrator", "admin@binome.example"),
)
FIRST_STEPS = """\
À essayer d’abord / Try first
  1. Coordinatrice : « Refaire notre suivi de trésorerie », mettre la première personne dans la file.
     Coordinator: “Refaire notre suivi de trésorerie”, put the first person in the line.
  2. Dix secondes plus tard, l’invitation est dans la boîte : {address}/demo/inbox
     Ten seconds later the invitation is in the inbox. Open it, press “Voir et répondre”, say yes.
  3. Odile (association) confirme ; alors seulement chacun voit les coordonnées de l’autre.
     Odile (association) confirms; only then both see each other’s contacts.
Ctrl-C arrête tout, et garde les données. / Ctrl-C stops everything and keeps the data."""


def tour(address: str) -> str:
    """Return the text for the terminal."""
    width = max(len(who) for who, _ in SIGN_INS)
    people = "\n".join(f"  {who:<{width}}  {email}" for who, email in SIGN_INS)
    return (
        f"\nBinôme : {address}\n\nMot de passe de tous / password of all: {PASSWORD}\n{people}\n\n"
        f"{FIRST_STEPS.format(address=address)}\n"
    )
