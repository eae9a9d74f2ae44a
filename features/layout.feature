Feature: Layout
  On a desk, what people come for stands where they look first.

  @browser
  Rule: At 1024 by 768, the field for an item stands in the middle

    Scenario: The home page
      Given Edith has a window of 1024 by 768
      When Edith opens the home page
      Then the field for an item is in the middle of Edith's window

    Scenario: The page of a list
      Given Edith has a window of 1024 by 768
      When Edith starts a list with "Testing"
      Then the field for an item is in the middle of Edith's window
