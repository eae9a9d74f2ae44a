Feature: Who may see a list
  A list that a person starts while logged in belongs to that person. No one else
  can see it, or find out that it exists, unless its owner shares it.

  Background:
    Given Edith owns a list with "Plan a surprise for Francis"

  Scenario: Edith sees her own list
    Given Edith is logged in
    When Edith opens her list
    Then Edith's list reads "Plan a surprise for Francis"
    And Edith sees that the list belongs to her

  Scenario: Other people cannot see it
    Given Francis is logged in
    When Francis opens Edith's list
    Then Francis sees that there is nothing here

  Scenario: Visitors cannot see it
    When Francis opens Edith's list
    Then Francis sees that there is nothing here

  Scenario: Edith cannot see it after she has logged out
    Given Edith is logged in
    And Edith has logged out
    When Edith opens her list
    Then Edith sees that there is nothing here

  Scenario: It does not appear among the lists of other people
    Given Francis is logged in
    When Francis opens My lists
    Then Francis has no lists of his own
    And no one has shared a list with Francis

  @browser
  Scenario: The Back button does not show it after Edith has logged out
    Given Edith's browser keeps pages for the Back button
    And Edith is logged in
    When Edith opens her list
    And Edith logs out
    And Edith goes back
    Then Edith sees that there is nothing here
