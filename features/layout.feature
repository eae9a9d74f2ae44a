Feature: Layout
  On a computer, people find what they came for in the middle of the screen. What
  belongs together is in one line, also on a phone.

  @browser
  Rule: On a computer, the field for an item is in the middle of the screen

    Scenario: The home page
      Given Edith uses a computer
      When Edith opens the home page
      Then the field for an item is in the middle of Edith's screen

    Scenario: The page of a list
      Given Edith uses a computer
      When Edith starts a list with "Buy milk"
      Then the field for an item is in the middle of Edith's screen
      And the list is as wide as the field for an item on Edith's screen

  @browser
  Rule: What belongs together is in one line

    Scenario: The home page on a computer
      Given Edith uses a computer
      When Edith opens the home page
      Then Edith sees these beside each other
        | left                       | right                      |
        | Superlists                 | Enter your email to log in |
        | Enter your email to log in | Log in                     |
        | To-do item                 | Add                        |

    Scenario: The page of a list on a computer
      Given Edith uses a computer
      When Edith opens the shared list
      Then Edith sees these beside each other
        | left                         | right                             |
        | My lists                     | Log out                           |
        | 1:                           | Plan the party                    |
        | Plan the party               | Edit Plan the party               |
        | Edit Plan the party          | Remove Plan the party             |
        | Rename this list             | Delete this list                  |
        | oni@example.com              | Stop sharing with oni@example.com |
        | Share this list with someone | Share                             |
      And Edith sees her email address beside "My lists"

    Scenario: The page of a list on a phone
      Given Edith uses a phone
      When Edith opens the shared list
      Then Edith sees these beside each other
        | left                         | right                             |
        | Superlists                   | My lists                          |
        | My lists                     | Log out                           |
        | 1:                           | Plan the party                    |
        | Plan the party               | Edit Plan the party               |
        | Edit Plan the party          | Remove Plan the party             |
        | oni@example.com              | Stop sharing with oni@example.com |
        | Share this list with someone | Share                             |

    Scenario: A long item on a phone with a simple browser
      Given Edith uses a phone
      And Edith uses a simple browser
      And Edith has an open list with "Buy milk"
      When Edith adds an item with 255 characters
      Then every item on Edith's page begins beside its number
      And nothing covers anything else on Edith's page
