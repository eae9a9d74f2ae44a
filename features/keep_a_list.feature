Feature: Keep an open list
  A list that was started without logging in is open: anyone who has its address
  can see it and change it. A person who logs in can keep the list. It then
  belongs to that person, and no one else sees it unless that person shares it.

  Rule: A person who is logged in can keep an open list

    Scenario: Edith logs in to keep the list that she started
      Given Francis has an open list with "Book the train"
      And Edith has an open list with "Buy milk"
      When Edith logs in
      And Edith keeps the list
      And Edith opens My lists
      Then Edith's own lists are "Buy milk"

    Scenario: Edith sees that the list is hers
      Given Edith is logged in
      And Edith has an open list with "Buy milk"
      Then Edith reads "no one else can see it until you share it"
      And a text explains "Keep this list" to Edith
      When Edith keeps the list
      Then Edith sees that the list belongs to her
      And Edith sees the message "This list is yours now. No one else can see it until you share it."

    Scenario: Edith is not logged in
      When Edith starts a list with "Buy milk"
      Then Edith cannot keep the list

    Scenario: Edith has to log in again before she can keep the list
      Given Edith is logged in
      And Edith has an open list with "Buy milk"
      And Edith's login has ended
      When Edith keeps the list
      Then Edith is asked to log in
      When Edith logs in
      Then Edith's list reads "Buy milk"
      When Edith keeps the list
      Then Edith sees that the list belongs to her

  Rule: Logging in leads back to the page on which it began

    Scenario: Edith logs in on the page of her list
      Given Edith has an open list with "Buy milk"
      When Edith logs in
      Then Edith's list reads "Buy milk"

    Scenario: Edith stays on the page of her list until the email arrives
      Given Edith has an open list with "Buy milk"
      When Edith asks for a login link
      Then Edith sees the message "Check your email"
      And Edith's list reads "Buy milk"

    Scenario: Oni logs in to see a list that Edith shares
      Given Edith has shared her list "Plan the party" with Oni
      When Oni opens Edith's list
      And Oni logs in
      Then Oni's list reads "Plan the party"

  Rule: No one else sees a list that a person has kept, unless that person shares it

    Scenario: Francis had the address of the list
      Given Edith is logged in
      And Edith has an open list with "Buy milk"
      When Edith keeps the list
      And Francis opens Edith's list
      Then Francis sees that there is nothing here

    Scenario: Edith keeps the list by mistake
      Given Edith is logged in
      And Edith has an open list with "Buy milk"
      When Edith keeps the list
      And Edith undoes that
      And Francis opens Edith's list
      Then Edith sees the confirmation "This list is open again: anyone who has its address can see it."
      And Francis's list reads "Buy milk"

    Scenario: Edith keeps the list by mistake, but has shared it since
      Given Edith has logged in on another computer
      And Edith is logged in
      And Edith has an open list with "Buy milk"
      When Edith keeps the list
      And Edith shares the list with Oni on the other computer
      And Edith undoes that
      Then Edith sees the warning "This can no longer be undone, because you have shared the list since."
      And Edith sees that the list belongs to her
      And Edith sees that the list is shared only with Oni

  Rule: A list that has an owner cannot be kept

    Scenario: Oni keeps a list that Edith has kept and shared with him
      Given Edith is logged in
      And Oni is logged in
      And Edith has an open list with "Plan the party"
      When Oni opens Edith's list
      And Edith keeps the list
      And Edith shares the list with Oni
      And Oni keeps the list
      Then Oni sees that the list belongs to Edith
      And Oni cannot undo that

    Scenario: Oni cannot keep Edith's list
      Given Edith has shared her list "Plan the party" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni cannot keep the list
