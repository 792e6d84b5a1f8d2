"""The words of the invented news cards: topics, providers, and the patterns of titles and excerpts."""

TOPICS = ("Lantern", "Lantern Studio", "Pocket forms", "Tide tables", "Signal Box", "Night shift")
RARE, RARELY = "Foghorns", 0.09  # a topic of few cards, and how often one has it
WORDS = """
    Copper Quiet Granite Velvet Seven Marble Hollow Amber Silver Winter Cobalt Oak Tin /
    Gazette Ledger Wire Courier /
    adaptive balanced brittle careful cheerful clever compact curious daily decent digital durable
    eager elastic electric enormous faithful fast flexible floating folding formal fragile friendly
    gentle global green hidden honest hybrid industrial instant internal joint lasting patient
    rapid regional remote robust rural scalable seasonal sharp shared silent simple slow smooth
    solar solid steady subtle sudden tidal tidy tiny urban useful vast virtual wide windy /
    antenna archive arena assembly atlas balcony barometer battery beacon bicycle blueprint bridge
    bucket cabinet cable camera canal canvas carousel catalogue ceiling chimney cistern clock crane
    compass corridor counter curtain dashboard depot desk diary dictionary drawer elevator engine
    generator glacier greenhouse grid hammer handbook harbour harvest hinge index inventory island
    pavilion pendulum pipeline planner platform plough portal printer projector pulley quarry radar
    railway reactor receipt registry reservoir router sandbox satellite sawmill scanner scheduler
    sensor shelter sketch spreadsheet stadium stopwatch switchboard telescope template thermometer
    ticket toolbox tower tractor tram tunnel turbine typewriter viaduct warehouse windmill /
    accelerates adopts announces anchors automates balances borrows brightens builds calms checks
    combines compares connects counts delays delivers doubles embraces expands explains explores
    opens orders outgrows outpaces paints polishes previews questions rebuilds reduces refines
    replaces reshapes retires reveals revisits rewrites rotates shapes shortens simplifies splits
    steadies stretches supports surprises sweeps tests tightens tracks trims updates weighs /
    accountants anglers architects bakers beekeepers carpenters choirs clerks coders couriers divers
    librarians makers mechanics millers nurses painters pilots plumbers researchers rowers sailors
    schools sculptors students surveyors tailors teachers translators volunteers weavers writers
"""
PAPERS, KINDS, ADJECTIVES, NOUNS, VERBS, GROUPS = (tuple(x.split()) for x in WORDS.split("/"))
PROVIDERS = tuple(f"{paper} {kind}" for kind in KINDS for paper in PAPERS)
KNOWN = 40  # how many of the providers, the first ones, are in the site's registry
TITLES = (
    "{a} {s} {v} the {n} for {g}",
    "is the {s} {a} enough? How {g} learned to love the {n}",
    "{s}: {a} {n} now {v} every {m}",
    "preview: {a} {n} for the {s} – what {g} should know",
    "“It {v} the {n}”: {g} on the {s}",
    'a "{a}" {s} {v} {c} {n}s',
    "from {n} to {m}: the {s} that {v} {g}",
    "it’s here – a {s} with {c} {a} {m}s",
    "release {c}.{d} of the {s} {v} the {n}, {a} {m} & more",
    "{c} {g} say the {s} {v} the {n}: a {m} for {d} {g}, a {a} {s}, and a {n} that {v} the {m}",
)
SENTENCES = (
    "The {a} {n} {v} a {m} that {g} had asked for since {y}.",
    "With the {s}, {g} choose between a {a} {n} and a {m}: both are free.",
    "“Nobody {v} a {n} like this,” said one of the {g} who tried the {s}.",
    "It’s not only a matter of {g}; the {n} also {v} the {m}, in {c} places out of {d}.",
    "Wish #1 of all {g} – a {a} {n} – is answered here, in a way that {v} the {m}",
    "A survey among {d} {g} shows that the {m} {v} more than the {n} does.",
    'Later this year the {s} {v} its {a} {m}, which {g} call the "{n}".',
)
