"""The words that carry no meaning of their own, per language, without accents; data only."""

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
vous vraiment y etc aussitot autour dedans dehors dela dessous dessus chacun chacune
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

STOP_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
