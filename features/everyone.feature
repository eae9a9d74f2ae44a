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
    And Edith's page follows the accessibility guidelines
    And Edith's page follows the accessibility guidelines in dark mode
    And Edith's page follows the accessibility guidelines on a computer, in light and dark mode

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
    Given Edith has an open list with "Buy milk" and "Water the plants"
    When Edith looks at the print preview
    Then Edith's list reads "Buy milk" and "Water the plants"
    And Edith's printout has no buttons and no fields
