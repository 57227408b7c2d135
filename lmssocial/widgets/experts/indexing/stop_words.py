"""Words that say nothing about what somebody knows: English, German, French and Spanish, folded as the index has them.

A word that means something in one of the other languages (“pour”, “die”, “art”) is not among them: what nearly every
answer has in it weighs next to nothing anyway.
"""

_ENGLISH = """
a about above after all also am an and any are as at be because been before being below between both but by can could
did do does doing down during for from had has have having he her hers him his how i if in into is it its itself just
me more most my no nor not of off on only or other our out over she should so some such than that the their them then
there these they this those through to too under until up very was we were what when where which while who whom why
will with would you your yours
"""

_GERMAN = """
aber alle allem allen aller alles als also andere anderen auch auf aus bei beim bis bist da damit dann das dass dein
dem den denn der des dessen deren dich dir diese diesem diesen dieser dieses doch dort du durch ein eine einem einen
einer eines er es etwas euch euer fur gegen gewesen habe haben hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre
ihrem ihren ihrer im in indem ins ist ja jede jedem jeden jeder jedes jene jetzt kann kein keine keinem keinen keiner
konnen konnte mein meine meinem meinen meiner mich mir mit muss musste nach nicht nichts noch nun nur ob oder ohne sehr
sein seine seinem seinen seiner selbst sich sie sind so solche soll sollte sondern sonst uber um und uns unser unter
vom von vor wann waren warum was weil weiter welche welchem welchen welcher wenn wer werde werden wie wieder wird wo
wollen wurde wurden zu zum zur zwar zwischen
"""

_FRENCH = """
alors au aucun aussi aux avec avez avoir avons car ce ceci cela ces cet cette ceux chaque comme dans de des donc dont du
elle elles en encore est et etaient etait etant ete etes etre eux fait faut il ils je la le les leur leurs lui ma meme
mes moi mon ne nos notre nous ont ou par parce pas peut peuvent plus pourquoi quand que quel quelle quelles quels qui
quoi sa sans ses sont sous suis sur ta tes toi ton tous tout toute toutes tres tu un une vos votre vous
"""

_SPANISH = """
algo alguna algunas alguno algunos ante antes aquel aquella aqui asi aun cada como con contra cual cuales cuando de del
desde donde dos durante el ella ellas ellos entre era eran es esa esas ese eso esos esta estaba estan estas este esto
estos estoy fue fueron ha habia han hasta hay he la las le les lo los mas me mi mis mucho muchos muy nada ni nos
nosotros nuestra nuestro o otra otras otro otros para pero poco por porque puede pueden que quien quienes se sea ser si
sin sobre sois somos son soy su sus tambien tanto te tenemos tener tengo tiene tienen todo todos tu tus un una uno unos
usted ustedes y ya yo
"""

STOP_WORDS = frozenset(f"{_ENGLISH} {_GERMAN} {_FRENCH} {_SPANISH}".split())
"""All of them."""
