"""Word lists of the intake, in one place where they can be read and mended."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


# Keys of the block of particulars that often stands above a transcript.
HEADING_KEYS = words(
    "date time duration location place transcriber transcribed interview topic title subject file "
    "recording length setting project study site language version participants attendees present "
    "keywords speakers summary notes note mode venue consent pseudonym id"
)
# Words that open a sentence before a colon and are nobody's name.
SENTENCE_OPENERS = words(
    "and but so or because then well like yes yeah no okay ok right now also however anyway first "
    "second third finally basically actually i'd it's that's there here this that these those what "
    "why how when where if as the a an my our your his her their its for from with on in at to of "
    "one two three https http e.g i.e eg ie note nb ps re"
)
PRONOUNS = words("i you he she it we they who")
NAME_PARTICLES = words("of the de la van von der den du di da and und & et y")

# A full stop after these never ends a sentence.
TITLES = words(
    "dr mr mrs ms mx prof rev sr jr st fr messrs capt col gen lt sgt hon supt vs cf approx dept ed "
    "eds fig figs vol pp ca nos ext tel e.g i.e eg ie"
)
# A full stop after these ends one where the next word begins with a capital.
ABBREVIATIONS = words("a.m p.m etc al inc ltd co ph.d u.k u.s n.h.s")

# The United Kingdom's postcode areas, the Crown dependencies, and the non-geographic BF and BX.
POSTCODE_AREAS = words(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN "
    "DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA "
    "LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG "
    "SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
# What looks like a postcode district and is a gas, a variant of a virus, or a spray.
NOT_DISTRICTS = words("CO2 PO2 SO2 BA2 BA4 BA5 WD40")
# What follows a title in speech without being a name.
NOT_NAMES = words(
    "And But So The A I It He She They We You Who Said Right Yes No Google Who's Nobody Somebody "
    "Someone Is Was Do Did Does Then Because When If"
)
# Names that are everyday words too: in small letters they are taken as the word.
NAMES_AND_WORDS = words(
    "april art august basil bill bishop black brown carol chance christian cook dale dawn day dean "
    "drew earnest faith field forest frank gay gene grace grant gray green hall heather hope hunt "
    "hunter iris ivy jack jay joy june lance lily long major mark may miles moss nick north olive "
    "page park parker pat peg penny price ray rich rob rose ruby rusty sandy scarlet sky smith "
    "sterling sue summer taylor tony victor violet walker ward wade west white will win wood woods "
    "young"
)
