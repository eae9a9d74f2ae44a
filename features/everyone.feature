Feature: Everyone can use the site
  People use the site with a mouse, a keyboard or a finger, on a computer or on a
  phone, and some listen to it instead of looking at it. Each page follows the
  accessibility guidelines, as far as a program can check them.

  @browser
  Scenario Outline: Everyone can use the <page>
    Given Edith uses a phone
    When Edith opens the <page>
    Then the page fits on Edith's screen
    And every button and link is big enough for Edith's finger
    And every button and link shows Edith what it is for
    And nothing covers anything else on Edith's page
    And every message stands out on Edith's page
    And Edith's page follows the accessibility guidelines
    And Edith's page follows the accessibility guidelines in dark mode
    And Edith's page follows the accessibility guidelines on a computer, in light and dark mode
    And only what is refused looks refused, until Edith types

    Examples:
      | page                                      |
      | home page                                 |
      | list with a refused item                  |
      | list with a done item                     |
      | list from which an item was removed       |
      | page for editing an item                  |
      | page for renaming a list                  |
      | question before a list is deleted         |
      | shared list                               |
      | list whose owner has a long email address |
      | open list that Edith can keep             |
      | My lists page                             |
      | My lists page without lists               |
      | login page                                |
      | page that a login link leads to           |
      | page that an expired link leads to        |
      | page that another person's link leads to  |
      | page that does not exist                  |

  @browser
  Scenario: Edith prints her list
    Given Edith has shared her list "Buy milk", "Water the plants" and "Book the train" with Oni
    And Edith is logged in
    When Edith opens her list
    And Edith removes "Book the train"
    And Edith looks at the print preview
    Then Edith's list reads "Buy milk" and "Water the plants"
    And Edith's printout has no buttons, no links and no fields
    And Edith's printout shows only the list and its name
    And Edith's printout can be read on white paper
    And no item is split between two pages of Edith's printout

  Rule: Each page says what it is about, and what people can do there

    Scenario Outline: The <page>
      When Edith opens the <page>
      Then Edith's page has the title "<title>" and the heading "<heading>"
      And Edith can use <controls> there
      And the language of Edith's page is English
      And Edith sees the icon of the site in the tab and beside its name
      And nothing on Edith's page is empty
      And every button on Edith's page does something

      Examples:
        | page                               | title                           | heading                    | controls                                        |
        | home page                          | Start a new To-Do list          | Start a new To-Do list     | "To-do item" and "Add"                          |
        | page for editing an item           | Edit an item                    | Edit an item               | "Item", "Save" and "Cancel"                     |
        | My lists page                      | My Lists                        | My Lists                   | "Book the train" and "Start a new list"         |
        | My lists page without lists        | My Lists                        | My Lists                   | "Start a new list"                              |
        | login page                         | Log in                          | Log in to your To-Do lists | "Your email address" and "Send me a login link" |
        | page that a login link leads to    | Logging you in                  | Log in to your To-Do lists | "Log in"                                        |
        | page that an expired link leads to | This login link no longer works | Log in to your To-Do lists | "Your email address" and "Send me a login link" |
        | page that does not exist           | Nothing here                    | There is nothing here      | "Start a new list"                              |

    Scenario Outline: The <page> is complete
      When Edith opens the <page>
      Then nothing on Edith's page is empty
      And every button on Edith's page does something

      Examples:
        | page                                     |
        | shared list                              |
        | open list that Edith can keep            |
        | page for renaming a list                 |
        | question before a list is deleted        |
        | page that another person's link leads to |

  Rule: People can use the site with the keyboard alone

    @browser
    Scenario: Edith goes through the home page
      When Edith opens the home page
      Then the Tab key leads Edith through these, always in sight
        | kind   | name                       |
        | link   | Skip to content            |
        | link   | Superlists                 |
        | field  | Enter your email to log in |
        | button | Log in                     |
        | field  | To-do item                 |
        | button | Add                        |

    @browser
    Scenario: Edith goes through the page of her list
      When Edith opens the shared list
      Then the Tab key leads Edith through these, always in sight
        | kind      | name                              |
        | link      | Skip to content                   |
        | link      | Superlists                        |
        | link      | My lists                          |
        | button    | Log out                           |
        | field     | To-do item                        |
        | button    | Add                               |
        | check box | Plan the party                    |
        | link      | Edit Plan the party               |
        | button    | Remove Plan the party             |
        | link      | Rename this list                  |
        | link      | Delete this list                  |
        | button    | Stop sharing with oni@example.com |
        | field     | Share this list with someone      |
        | button    | Share                             |

    @browser
    Scenario: Edith skips what is at the top of every page
      When Edith opens the home page
      And Edith skips to the content with the keyboard
      Then the Tab key leads Edith to the field "To-do item"

  Rule: Browsers and phones help people to type

    Scenario Outline: Edith enters an email address on the <page>
      When Edith opens the <page>
      Then Edith's phone shows its keyboard for email addresses in the field "<field>"
      And the empty field "<field>" shows Edith what to type
      And Edith cannot leave the field "<field>" empty
      And Edith's browser offers <offer> in the field "<field>"

      Examples:
        | page        | field                        | offer           |
        | home page   | Enter your email to log in   | her own address |
        | login page  | Your email address           | her own address |
        | shared list | Share this list with someone | nothing         |
