Feature: Start a list
  Anybody can start a to-do list at once, without logging in. The list has an
  address of its own, and whoever has the address can keep the list up.

  Rule: A list begins with its first item

    Scenario: The home page says what the site is for
      When Edith opens the home page
      Then Edith is invited to start a list

    Scenario: Edith starts a list
      When Edith starts a list with "Buy peacock feathers"
      Then Edith's list reads "Buy peacock feathers"

    @browser
    Scenario: A list needs an item to begin with
      When Edith tries to start a list without an item
      Then Edith's browser asks for an item

  Rule: Every list has an address of its own

    Scenario: Two people start two lists
      Given Edith has opened a list with "Buy peacock feathers"
      When Francis starts a list with "Buy milk"
      Then Francis's list reads "Buy milk"
      And the lists of Edith and Francis have different addresses

    Scenario: A list is still at its address later
      Given Edith has opened a list with "Buy milk" and "Make tea"
      When Francis opens Edith's list
      Then Francis's list reads "Buy milk" and "Make tea"

    Scenario: An address without a list
      When Edith opens the address of a list that does not exist
      Then Edith is told that there is nothing here
