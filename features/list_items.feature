Feature: Items of a list
  A list is a numbered sequence of things to do. The site keeps it tidy: it
  accepts no empty items, and nothing twice.

  Rule: Items appear in the order in which they were added

    @gallery
    Scenario: Edith adds items
      Given Edith has an open list with "Book the train"
      When Edith adds "Pack the bags"
      And Edith adds "Water the plants"
      Then Edith's list reads "Book the train", "Pack the bags" and "Water the plants"
      And the empty field "To-do item" shows Edith what to type
      And Edith can type into the field "To-do item" immediately
      And Edith's browser offers nothing in the field "To-do item"
      And Edith cannot leave the field "To-do item" empty
      And the Enter key of Edith's phone reads Done in the field "To-do item"

    Scenario: Spaces around an item are removed
      Given Edith has an open list with "Buy milk"
      When Edith adds "   Make tea "
      Then Edith's list reads "Buy milk" and "Make tea"

    Scenario: A long list shows all its items
      Given Edith has an open list with 100 items
      Then Edith's list has 100 items

  Rule: An item cannot be empty

    @browser
    Scenario: Edith leaves the field empty
      Given Edith has an open list with "Buy milk"
      When Edith tries to add an empty item
      Then Edith is asked to enter an item
      And Edith's list reads "Buy milk"
      And only what is refused looks refused, until Edith types

    @browser
    Scenario: The request to enter an item disappears when Edith types
      Given Edith has an open list with "Buy milk"
      And Edith has tried to add an empty item
      When Edith starts to type "Make tea"
      Then Edith is no longer asked to enter an item

    Scenario: Edith enters only spaces
      Given Edith has an open list with "Buy milk"
      When Edith adds "   "
      Then Edith sees the message "You can't have an empty list item"
      And Edith's list reads "Buy milk"
      When Edith adds an item that no one can see
      Then Edith sees the message "You can't have an empty list item"

  Rule: A list contains an item only once

    Scenario: Edith adds an item that is already in her list
      Given Edith has an open list with "Buy milk"
      When Edith adds "Buy milk"
      Then Edith sees the message "You've already got this in your list"
      And Edith's list reads "Buy milk"

    Scenario: Two lists can contain the same item
      Given Edith has an open list with "Buy milk"
      When Francis starts a list with "Buy milk"
      Then Francis's list reads "Buy milk"

    @browser
    Scenario: The warning disappears when Edith types
      Given Edith has an open list with "Buy milk"
      And Edith has tried to add "Buy milk" again
      When Edith starts to type "Buy bread"
      Then Edith no longer sees a message

  Rule: An item has at most 255 characters

    Scenario: Edith adds an item with 255 characters
      Given Edith has an open list with "Buy milk"
      When Edith adds an item with 255 characters
      Then Edith's list reads "Buy milk" and an item with 255 characters

    Scenario: Edith can shorten an item that is too long
      Given Edith has an open list with "Buy milk"
      When Edith adds an item with 256 characters
      Then Edith sees the message "An item can have at most 255 characters, and this one has 256"
      And Edith can shorten the item with 256 characters
      And Edith's list reads "Buy milk"

  Rule: An item appears exactly as it was typed

    Scenario: Edith adds items that differ in capital letters or are short
      Given Edith has an open list with "Buy milk"
      When Edith adds "buy milk"
      And Edith adds "?"
      Then Edith's list reads "Buy milk", "buy milk" and "?"

    Scenario: Edith uses special characters
      Given Edith has an open list with "Buy milk"
      When Edith adds "Learn what <b> & &lt; mean"
      Then Edith's list reads "Buy milk" and "Learn what <b> & &lt; mean"
      And Edith sees the message "Added “Learn what <b> & &lt; mean”."
      And the check box and the buttons to save, edit and remove "Learn what <b> & &lt; mean" name it to Edith

    @browser
    Scenario: Edith uses several spaces
      Given Edith has an open list with "Buy milk"
      When Edith adds "Tea:   2 boxes"
      Then Edith's list reads "Buy milk" and "Tea:   2 boxes"

  Rule: People see the item that they add, however long the list is

    @browser
    Scenario: Edith adds to a long list
      Given Edith uses a phone
      And Edith has an open list with 40 items
      When Edith adds "Buy milk"
      Then Edith sees the item "Buy milk" without scrolling
      And Edith sees that "Buy milk" is new
      And Edith hears "Added “Buy milk”." from the screen reader, and does not see it
      And Edith can type the next item immediately

    @browser
    Scenario: The new item stays in sight while Edith types the next one
      Given Edith uses a phone
      And Edith has an open list with 40 items
      When Edith adds "Buy milk"
      And Edith starts to type "Make tea"
      Then Edith sees the item "Buy milk" without scrolling

    @browser
    Scenario: Edith adds an item with a simple browser
      Given Edith uses a simple browser
      And Edith has an open list with "Buy milk"
      When Edith adds "Water the plants"
      Then Edith hears "Added “Water the plants”." from the screen reader, and sees it

    Scenario: Edith hears which item she has added
      Given Edith has an open list with "Water the plants"
      When Edith adds "Buy milk"
      Then Edith sees the message "Added “Buy milk”."

  Rule: People can type over an item that the site does not accept

    @browser
    Scenario: Edith types over an item that is already in her list
      Given Edith has an open list with "Buy milk"
      When Edith adds "Buy milk"
      Then "Buy milk" is selected for Edith to type over

  Rule: People can change the order of items

    @planned
    Scenario: Edith moves an item to the top
      Given Edith has an open list with "Buy milk", "Water the plants" and "Book the train"
      When Edith moves "Book the train" to the top
      Then Edith's list reads "Book the train", "Buy milk" and "Water the plants"
