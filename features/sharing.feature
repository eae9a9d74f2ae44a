Feature: Share a list
  The owner of a list can share it with other people, by email address. They find
  the list under My lists, and can see it and change its items.

  Rule: People keep a shared list together

    @gallery
    Scenario: Edith shares her list with Oni
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees that the list is shared with Oni
      And Edith sees a message that includes "Shared with"
      And Edith sees a message that includes "will find this list under My lists after logging in."

    Scenario: Edith shares her list with two people
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      And Edith shares the list with Francis
      Then Edith sees that the list is shared with Francis and Oni
      And Edith sees the message "We have sent them an email."

    Scenario: Oni finds the list that Edith shared
      Given Edith has shared her list "Plan the party" with Oni
      And Francis owns a list with "Book the train"
      And Oni is logged in
      When Oni opens My lists
      Then the lists shared with Oni are "Plan the party"
      And Oni sees that Edith shared it
      And Oni has no lists of his own

    Scenario: The newest list that is shared with Oni comes first
      Given Edith has shared her list "Plan the party" with Oni
      And Francis has shared his list "Learn <b> & &lt;" with Oni
      And Oni is logged in
      When Oni opens My lists
      Then the lists shared with Oni are "Learn <b> & &lt;" and "Plan the party"
      And Oni reads "Learn <b> & &lt;" in its own direction

    Scenario: Oni sees who owns the list, and who else can see it
      Given Edith has shared her list "Plan the party" with Oni
      And Oni is logged in
      When Oni opens My lists
      And Oni chooses the list "Plan the party"
      Then Oni sees that the list belongs to Edith
      And Oni sees that the list is shared only with Oni

    Scenario: Oni adds to Edith's list
      Given Edith has shared her list "Plan the party" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Oni adds "Bake a cake"
      And Edith opens her list
      Then Edith's list reads "Plan the party" and "Bake a cake"

  Rule: A list can be shared with someone who has never used the site

    Scenario: Oni logs in for the first time
      Given Edith has shared her list "Plan the party" with Oni
      When Oni logs in
      And Oni opens My lists
      Then the lists shared with Oni are "Plan the party"

  Rule: Only the owner can share a list

    Scenario: Oni cannot share Edith's list
      Given Edith has shared her list "Plan the party" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni cannot share the list

    Scenario: No one can share an open list
      When Edith starts a list with "Plan the party"
      Then Edith cannot share the list

  Rule: A list can be shared with any valid email address but the owner's

    Scenario: Edith mistypes Oni's address
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with the address "oni@example"
      Then Edith sees the message "Enter a valid email address, such as edith@example.com."
      And Edith can correct Oni's address "oni@example"
      And Edith can type into the field "Share this list with someone" immediately
      When Edith opens the same address again
      Then Edith's list reads "Plan the party"
      And Edith no longer sees a message

    @browser
    Scenario: An address that is not valid looks refused until Edith types
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with the address "oni@example"
      Then Edith sees the message "Enter a valid email address, such as edith@example.com."
      And only what is refused looks refused, until Edith types

    Scenario: Edith shares her list with herself
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Edith's address in capital letters
      Then Edith sees the message "This list is already yours."

  Rule: The person a list is shared with gets an email

    Scenario: Oni gets an email about Edith's list
      Given Edith has shared her list "Plan the party" with Francis
      And Edith is logged in
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees the message "We have sent them an email."
      And only Oni gets the email "A to-do list has been shared with you"
      And Oni's email contains "has shared a to-do list with you on Superlists" and Edith's address
      And Oni's email contains "You find it under My lists when you log in with this email address" and his address
      And Oni's email contains "If you do not know this person, you can ignore this email." and Edith's address
      And Oni's email does not contain "Plan the party"

    Scenario: The link in the email leads Oni to the list
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      And Oni is logged in
      When Edith opens her list
      And Edith shares the list with Oni
      Then Oni gets the email "A to-do list has been shared with you"
      When Oni opens the link in his email
      Then the lists shared with Oni are "Plan the party"

    Scenario: Edith shares a list with Oni a second time
      Given Edith has shared her list "Plan the party" with Oni
      And Edith is logged in
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees a message that includes "This list is already shared with"
      When Edith shares the list with Francis
      Then only Francis gets the email "A to-do list has been shared with you"

    Scenario: Edith shares a list with Oni again after she has stopped
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      And Edith stops sharing the list with Oni
      And Edith shares the list with Oni
      Then Edith sees that the list is shared with Oni
      And Edith sees no message that includes "We have sent them an email."
      And only Oni gets the email "A to-do list has been shared with you"

  Rule: One address gets at most 5 emails about shared lists an hour
    Sharing itself has no limit: the owner sees that no email was sent, and can tell
    the person in another way.

    Scenario: Oni's mailbox gets no 6th email
      Given 5 emails about shared lists have been sent to Oni in the last hour
      And Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees the message "We have sent them no email, because too many have been sent in the last hour. Please tell them yourself."
      And Edith sees that the list is shared with Oni

    Scenario: Oni's mailbox gets an email again after an hour
      Given 5 emails about shared lists were sent to Oni 61 minutes ago
      And Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees the message "We have sent them an email."

    Scenario: Oni's mailbox gets the 5th email
      Given 4 emails about shared lists have been sent to Oni in the last hour
      And Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      Then Oni gets the email "A to-do list has been shared with you"

  Rule: The site sends at most 30 emails an hour about the lists of one owner

    Scenario: No 31st email about Edith's lists is sent
      Given 30 emails about Edith's lists have been sent in the last hour
      And Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees the message "We have sent them no email, because too many have been sent in the last hour. Please tell them yourself."
      And Edith sees that the list is shared with Oni

    Scenario: The 30th email about Edith's lists is sent
      Given 29 emails about Edith's lists have been sent in the last hour
      And Edith is logged in
      And Edith owns a list with "Plan the party"
      When Edith opens her list
      And Edith shares the list with Oni
      Then Edith sees the message "We have sent them an email."

  Rule: The owner can stop sharing a list

    Scenario: Edith stops sharing her list with Oni
      Given Edith has shared her list "Plan the party" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith opens her list
      And Edith shares the list with Francis
      And Edith stops sharing the list with Oni
      And Oni opens My lists
      Then no one has shared a list with Oni
      And Edith sees that the list is shared only with Francis
      And Edith sees a message that includes "can no longer see this list."

    Scenario: Oni can no longer open the list
      Given Edith has shared her list "Plan the party" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith opens her list
      And Edith stops sharing the list with Oni
      And Oni opens Edith's list
      Then Oni sees that there is nothing here

    Scenario: Edith stops sharing by mistake
      Given Edith has shared her list "Plan the party" with Oni
      And Edith is logged in
      When Edith opens her list
      And Edith stops sharing the list with Oni
      And Edith undoes that
      Then Edith sees that the list is shared with Oni

    Scenario: Only Edith can stop sharing her list
      Given Edith has shared her list "Plan the party" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni cannot stop sharing the list
