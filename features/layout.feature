Feature: Layout
  The site looks right on a desk and on a phone.

  Rule: At 1024 by 768, the field for an item stands in the middle

    Scenario: The home page
      Given Edith has a window of 1024 by 768
      When Edith opens the home page
      Then the field for an item is in the middle of Edith's window

    Scenario: The page of a list
      Given Edith has a window of 1024 by 768
      When Edith starts a list with "Testing"
      Then the field for an item is in the middle of Edith's window

  Rule: On a phone, nothing is wider than the screen and everything can be touched

    Scenario Outline: The <page> on a phone
      Given Edith has a window of 360 by 640
      When Edith opens the <page>
      Then nothing is wider than Edith's window
      And everything on Edith's page is large enough to touch

      Examples:
        | page                     |
        | home page                |
        | list with a long word    |
        | list that is shared      |
        | My lists page            |
        | log-in page              |
