Feature: My lists
  People who are logged in find all their lists under My lists: the ones that they
  own, and the ones that others share with them.

  Rule: The site keeps the lists of people who are logged in

    Scenario: Edith starts a list while she is logged in
      Given Edith is logged in
      When Edith starts a list with "Book the train"
      And Edith adds "Pack the bags"
      And Edith opens My lists
      Then Edith's own lists are "Book the train"
      And no one has shared a list with Edith

    Scenario: Edith opens a list from My lists
      Given Edith is logged in
      And Edith owns a list with "Book the train" and "Pack the bags"
      When Edith opens My lists
      And Edith chooses the list "Book the train"
      Then Edith's list reads "Book the train" and "Pack the bags"

    @gallery
    Scenario: The newest list comes first
      Given Edith is logged in
      And Edith owns a list with "Book the train"
      When Edith starts a list with "Buy milk"
      And Edith opens My lists
      Then Edith's own lists are "Buy milk" and "Book the train"

    Scenario: Edith starts another list
      Given Edith is logged in
      And Edith owns a list with "Book the train"
      When Edith opens My lists
      And Edith follows the link "Start a new list"
      Then Edith's page has the title "Start a new To-Do list" and the heading "Start a new To-Do list"
      And Edith reads "The list is yours. You find it again under My lists. No one else sees it until you share it with them."

    Scenario: Edith has many lists
      Given Edith is logged in
      And Edith owns 12 lists
      When Edith opens My lists
      Then Edith's own lists are these 12, the newest first

    Scenario: Edith has no lists yet
      Given Edith is logged in
      When Edith opens My lists
      Then Edith has no lists of her own
      And Edith's page has the part "Lists shared with you"

  Rule: My lists is for people who are logged in

    Scenario: A visitor is asked to log in
      When Francis opens My lists
      Then Francis is asked to log in

    Scenario: A visitor finds My lists after logging in
      When Francis opens My lists
      And Francis logs in
      Then Francis has no lists of his own
