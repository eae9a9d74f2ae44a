Feature: Layout
  On a computer, people find what they came for in the middle of the screen.

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
