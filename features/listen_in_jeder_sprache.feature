# language: de

Funktionalität: Listen in jeder Sprache
  Die Website selbst ist auf Englisch. Listen kann man in jeder Sprache und
  Schrift führen.

  Regel: Einträge dürfen alle Buchstaben enthalten

    Szenario: Edith schreibt mit Umlauten
      Angenommen Edith hat eine offene Liste mit "Äpfel kaufen"
      Wenn Edith den Eintrag "Öl für die Tür besorgen" hinzufügt
      Und Edith den Eintrag "Großmutter grüßen" hinzufügt
      Dann enthält Ediths Liste "Äpfel kaufen", "Öl für die Tür besorgen" und "Großmutter grüßen"

    Szenariogrundriss: Edith schreibt auf <Sprache>
      Wenn Edith eine Liste mit "<Eintrag>" beginnt
      Dann enthält Ediths Liste "<Eintrag>"

      Beispiele:
        | Sprache     | Eintrag                      |
        | Französisch | Acheter du pain à l'épicerie |
        | Griechisch  | Αγορά γάλακτος               |
        | Japanisch   | 牛乳を買う                   |
        | Arabisch    | شراء الحليب                  |
        | Bildern     | 🛒 🥛                        |
        | Brüchen     | ½ l Milch kaufen             |

  Regel: Listen heißen auch in anderen Sprachen nach ihrem ersten Eintrag

    Szenario: Edith findet ihre Liste wieder
      Angenommen Edith ist angemeldet
      Und Edith besitzt eine Liste mit "Äpfel kaufen" und "Öl besorgen"
      Wenn Edith ihre Listen öffnet
      Dann heißen Ediths eigene Listen "Äpfel kaufen"

  Regel: Meldungen sind auf Englisch

    Szenario: Edith fügt einen Eintrag ein zweites Mal hinzu
      Angenommen Edith hat eine offene Liste mit "Äpfel kaufen"
      Wenn Edith den Eintrag "Äpfel kaufen" hinzufügt
      Dann sieht Edith die Meldung "You've already got this in your list"
