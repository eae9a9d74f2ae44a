Feature: My lists
  Whoever is logged in finds their lists again under My lists, named by what
  stands first on each.

  Rule: The lists of a logged-in person are kept

    Scenario: Edith starts a list while logged in
      Given Edith is logged in
      When Edith starts a list with "Reticulate splines"
      And Edith adds "Immanentize eschaton"
      And Edith opens My lists
      Then Edith's own lists are "Reticulate splines"

    Scenario: Edith goes from My lists to a list
      Given Edith is logged in
      And Edith keeps a list with "Reticulate splines" and "Immanentize eschaton"
      When Edith opens My lists
      And Edith chooses the list "Reticulate splines"
      Then Edith's list reads "Reticulate splines" and "Immanentize eschaton"

    Scenario: The newest list comes first
      Given Edith is logged in
      And Edith keeps a list with "Reticulate splines"
      When Edith starts a list with "Click cows"
      And Edith opens My lists
      Then Edith's own lists are "Click cows" and "Reticulate splines"

    Scenario: Edith has no lists yet
      Given Edith is logged in
      When Edith opens My lists
      Then Edith has no lists of her own

  Rule: My lists are for people who are logged in

    Scenario: A visitor is asked to log in
      When Francis opens My lists
      Then Francis is asked to log in
