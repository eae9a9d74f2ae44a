Feature: Who may see a list
  A list that somebody started while logged in is theirs: nobody else sees it,
  or learns that it is there, unless they share it.

  Background:
    Given Edith keeps a list with "Plan a surprise for Francis"

  Scenario: Edith sees her own list
    Given Edith is logged in
    When Edith opens Edith's list
    Then Edith's list reads "Plan a surprise for Francis"
    And Edith sees that the list belongs to Edith

  Scenario: Another person does not see it
    Given Francis is logged in
    When Francis opens Edith's list
    Then Francis is told that there is nothing here

  Scenario: A visitor does not see it
    When Francis opens Edith's list
    Then Francis is told that there is nothing here

  Scenario: Edith herself does not see it when she is logged out
    Given Edith is logged in
    And Edith has logged out
    When Edith opens Edith's list
    Then Edith is told that there is nothing here

  Scenario: It is not among the lists of others
    Given Francis is logged in
    When Francis opens My lists
    Then Francis has no lists of his own
    And nobody has shared a list with Francis

  @browser
  Scenario: No one finds the list by going back after Edith has logged out
    Given Edith's browser keeps the pages that it has shown
    And Edith is logged in
    When Edith opens Edith's list
    And Edith logs out
    And Edith goes back
    Then Edith is told that there is nothing here
