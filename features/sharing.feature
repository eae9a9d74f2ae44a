Feature: Share a list
  The owner of a list shares it by mail address. Those it is shared with find it
  under My lists, read it and add to it.

  Rule: A shared list is kept together

    Scenario: Edith shares her list with Oni
      Given Edith is logged in
      And Edith keeps a list with "Get help"
      When Edith opens Edith's list
      And Edith shares the list with Oni
      Then Edith sees that the list is shared with Oni
      And Edith reads "will find this list under My lists"

    Scenario: Oni finds the list that Edith shared
      Given Edith has shared a list with "Get help" with Oni
      And Oni is logged in
      When Oni opens My lists
      Then the lists shared with Oni are "Get help"
      And Oni sees that Edith shared it
      And Oni has no lists of his own

    Scenario: Oni sees whose list it is
      Given Edith has shared a list with "Get help" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni sees that the list belongs to Edith

    Scenario: Oni adds to Edith's list
      Given Edith has shared a list with "Get help" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Oni adds "Hi Edith!"
      And Edith opens Edith's list
      Then Edith's list reads "Get help" and "Hi Edith!"

  Rule: A list can be shared with somebody who has never been here

    Scenario: Oni logs in for the first time
      Given Edith has shared a list with "Get help" with Oni
      When Oni logs in
      And Oni opens My lists
      Then the lists shared with Oni are "Get help"

  Rule: Only the owner decides who shares a list

    Scenario: Oni cannot pass Edith's list on
      Given Edith has shared a list with "Get help" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni is offered no sharing

    Scenario: A list that belongs to nobody is not shared
      When Edith starts a list with "Get help"
      Then Edith is offered no sharing

    Scenario: Francis is not among those who share
      Given Edith has shared a list with "Get help" with Oni
      And Francis is logged in
      When Francis opens Edith's list
      Then Francis is told that there is nothing here

  Rule: A list is shared with a person, by address

    Scenario: Edith mistypes Oni's address
      Given Edith is logged in
      And Edith keeps a list with "Get help"
      When Edith opens Edith's list
      And Edith shares the list with the address "oni@example"
      Then Edith is told about sharing "That is not an e-mail address: it should look like edith@example.com."
      And Edith can correct the friend's address "oni@example"

    Scenario: Edith shares with herself
      Given Edith is logged in
      And Edith keeps a list with "Get help"
      When Edith opens Edith's list
      And Edith shares the list with Edith
      Then Edith is told about sharing "This list is yours already."

  Rule: The owner can stop sharing a list

    @planned
    Scenario: Edith stops sharing her list with Oni
      Given Edith has shared a list with "Get help" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith stops sharing the list with Oni
      And Oni opens My lists
      Then nobody has shared a list with Oni
