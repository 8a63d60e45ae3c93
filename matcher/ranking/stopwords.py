"""The words that carry no meaning of their own, and those that are never told as a reason, per language; data only."""

_FRENCH = """
a ai aie aient ainsi ait alors apres au aucun aucune aujourd aupres auquel aura aurait auront aussi autre autres aux
avaient avait avant avec avez avoir avons ayant beaucoup bien car ce ceci cela celle celles celui cent cependant ces
cet cette ceux chaque chez ci comme comment d dans de deja depuis des desormais deux devra devrait dit doit doivent
donc dont du durant elle elles en encore enfin entre es est et etaient etait etant ete etes etre eu eux fait faire
faut fois font hors hui ici il ils j je jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors
lorsque lui m ma mais malgre me meme memes mes mettre mieux moi moins mon n ne ni non nos notre notamment nous on
ont ou par parce parmi pas pendant peu peut peuvent plus plusieurs pour pourquoi pourra pourrait pouvoir pres puis
puisque qu quand que quel quelle quelles quels quelque quelques qui quoi rien s sa sans se selon sera serait seront
ses seulement si sinon soi soient soit somme sommes son sont sous souvent suis sur t ta tandis tant te tel telle
telles tels tes toi ton toujours tous tout toute toutes tres trop tu un une va vers via voici voila vont vos votre
vous vraiment y etc aussitot autour dedans dehors dela dessous dessus chacun chacune iel iels tou celleux madame
monsieur mme mlle mr jusqu lorsqu puisqu quoiqu quelqu
"""

_ENGLISH = """
a about above after again against all also am an and any are aren as at be because been before being below between
both but by can cannot could couldn d did didn do does doesn doing don down during each etc few for from further had
hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just
ll m may me might more most must mustn my myself no nor not now o of off on once only or other others ought our ours
ourselves out over own per re s same shall shan she should shouldn so some such t than that the their theirs them
themselves then there these they this those through to too under until up upon us ve very via was wasn we were weren
what when where which while who whom whose why will with within without won would wouldn you your yours yourself
yourselves
"""

# Words that count in the score but tell nobody why a person fits: when and how much, how one asks for help, who asks,
# and how one tells a story. Without accents; one form of a word stands for its others (they share a stem).
_FRENCH_NEVER_TOLD = """
lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre
novembre decembre jour journee semaine mois annee an ans heure heures minute matin matinee midi soir soiree nuit
week-end hier demain aujourd’hui date moment temps fois duree rythme rendez-vous printemps ete automne hiver rentree
deux trois quatre cinq sept huit neuf dix onze douze quinze vingt trente quarante cinquante soixante mille centaine
dizaine vingtaine trentaine cinquantaine douzaine quinzaine moitie premier premiere second deuxieme troisieme dernier
derniere prochain nombre nombreux euro euros
seul ensemble petit grand bon bonne gros nouveau nouvelle jeune vieux ancien simple facile possible utile clair vrai
juste libre propre meme entier long court local proche certain different capable pret souhaitable necessaire important
ideal present lent vite
besoin aide aider aidera association associatif asso benevole benevolat benevolement volontaire recherche rechercher
chercher cherche equipe structure membre adherent personne gens monde public client coordinateur responsable
president presidente salarie bureau homme femme enfant ami voisin locaux maison salle quartier ville commune village
aimer aimerais souhaiter souhait vouloir envie esperer preferer attendre permettre proposer falloir savoir connaitre
comprendre apprendre donner recevoir prendre tenir tarder passer venir aller partir arriver rester revenir rendre
trouver demander repondre parler dire raconter expliquer montrer voir regarder penser croire sentir commencer
debuter continuer finir terminer avancer essayer reussir servir utiliser porter poser changer garder laisser suivre
accompagner participer partager rejoindre disposer occuper travailler travail mission tache chose cas sorte genre type
maniere facon exemple point partie place lieu cote idee projet but objectif cadre question probleme raison suite
debut fin main tete coeur vie merci bonjour experience competence profil metier annonce offre demande retraite
actuellement regulierement souvent parfois jamais presque plutot surtout assez ensuite autant pareil volontiers
seulement simplement directement rapidement facilement distance
six seize cent cents saison age ages longtemps davantage ailleurs exactement devant bout coup chance doute nom abord
quelqu tient tienne tiennent vaut vaudrait vienne viennent vient sait sais saura connait attend entende repart repartent
pouvez voudrait voulons veut ferez fera parlent dit vois voit mis mise mets reel reels vrais cher chere petite petites
grande grandes bonne bonnes nouvelles oublier casser perdu emporter enlever choisir refaire mener changer installer
devoir recu honnete realiste patience maintenant plupart paraitre sembler unique gout suivant forme apprendre appris
"""

_ENGLISH_NEVER_TOLD = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december day daily week weekly weekend month monthly year yearly hour minute morning midday noon
afternoon evening night today tomorrow yesterday date moment time times twice spring summer autumn winter
one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand
dozen half first second third last next number many several euro euros pound pounds
alone together small big large good great nice new young old former simple easy possible useful clear true right free
own same whole long short local near certain different able ready necessary important ideal present slow quick better
need needs help helping helper charity charities association nonprofit non-profit volunteer voluntary volunteering
volunteers search searching seek seeking look looking team structure member people person public client everyone
somebody someone coordinator manager president staff office man woman child children friend neighbour home house room
town city village
like love wish want hope prefer wait allow let offer propose know understand learn give receive take hold keep spend
come go leave arrive stay return make find ask answer talk say tell explain show see think believe feel start begin
continue finish end advance try succeed serve use carry put change follow accompany join share work working works job
task thing case kind sort type way manner example point part place side idea project goal aim frame question problem
reason start hand head heart life thanks hello experience skill profile trade advert retired currently regularly often
sometimes never almost rather mostly quite then gladly simply directly quickly easily really well get got set lot bit
around little back enough every another yet still even since away age ages season none nobody anything anybody
something everything single real busy lively properly done found lose losing miss invent sit send choose decide enjoy
meet mean means expect expire survive demand turn move bring brought happen become early late live lived fit fits open
complete form term sixteen seventies eighties nineties no
"""

STOP_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
NEVER_TOLD = {"fr": tuple(_FRENCH_NEVER_TOLD.split()), "en": tuple(_ENGLISH_NEVER_TOLD.split())}
