Feature: Start a list
  Anyone can start a to-do list immediately, without logging in. Such a list is
  open: anyone who has its address can see it and change it.

  Rule: A list begins with its first item

    @gallery
    Scenario: The home page says what the site is for
      When Edith opens the home page
      Then Edith is invited to start a list
      And Edith reads "Log in with your email address to keep your lists under My lists."

    Scenario: The name of the site leads to the home page
      When Edith opens the page that does not exist
      And Edith follows the link "Superlists"
      Then Edith is invited to start a list

    Scenario: Edith starts a list
      When Edith starts a list with "Buy milk"
      Then Edith's list reads "Buy milk"

    @browser
    Scenario: Edith cannot start a list without an item
      When Edith tries to start a list without an item
      Then Edith is asked to enter an item

    Scenario: Edith tries to start a list with only spaces
      When Edith tries to start a list with "   "
      Then Edith sees the message "You can't have an empty list item"
      And Edith can type into the field "To-do item" immediately
      When Edith opens the same address again
      Then Edith is invited to start a list
      And Edith no longer sees a message

  Rule: Every list has its own address

    Scenario: Two people start two lists
      Given Edith has an open list with "Book the train"
      When Francis starts a list with "Buy milk"
      Then Francis's list reads "Buy milk"
      And the lists of Edith and Francis have different addresses

    Scenario: A wrong address shows no list
      When Edith opens the address of a list that does not exist
      Then Edith sees that there is nothing here
