Feature: Edit and remove items
  People change their minds, and they make typos. They can edit an item or remove
  it, and undo both.

  Rule: People can edit items

    Scenario: Edith edits an item
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith changes "Buy milk" to "Buy oat milk"
      Then Edith's list reads "Buy oat milk" and "Water the plants"
      And Edith sees the confirmation "Changed “Buy milk” to “Buy oat milk”."

    Scenario: Edith undoes an edit
      Given Edith has an open list with "Buy milk" and "Water the plants"
      And Edith has changed "Buy milk" to "Buy oat milk"
      When Edith undoes that
      Then Edith's list reads "Buy milk" and "Water the plants"

    Scenario: An item that is done stays done when it is edited
      Given Edith has an open list with "Buy milk" and "Water the plants"
      And Edith has ticked off "Buy milk"
      When Edith changes "Buy milk" to "Buy oat milk"
      Then Edith sees that "Buy oat milk" is done

    Scenario: Edith decides not to edit an item
      Given Edith has an open list with "Buy milk" and "Water the plants"
      And Edith is editing "Water the plants" on Edith's list
      Then Edith can edit the text "Water the plants"
      And Edith can type into the field "Item" immediately
      And Edith cannot leave the field "Item" empty
      And Edith's browser offers nothing in the field "Item"
      And the Enter key of Edith's phone reads Done in the field "Item"
      When Edith follows the link "Cancel"
      Then Edith's list reads "Buy milk" and "Water the plants"
      And Edith is back at "Water the plants"

    Scenario: Edith saves an item without a change
      Given Edith has an open list with "Buy milk" and "Water the plants"
      And Edith is editing "Buy milk" on Edith's list
      When Edith saves "Buy milk"
      Then Edith's list reads "Buy milk" and "Water the plants"
      And Edith no longer sees a message

    Scenario: Edith cannot save an empty item
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith changes "Buy milk" to "   "
      Then Edith sees the message "You can't have an empty list item"

    Scenario: An edit leaves the same item of another list as it is
      Given Francis has an open list with "Buy milk"
      And Edith has an open list with "Buy milk"
      When Edith changes "Buy milk" to "Buy oat milk"
      And Francis opens his list
      Then Francis's list reads "Buy milk"

    Scenario: Edith cannot make two items the same
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith changes "Buy milk" to "Water the plants"
      Then Edith sees the message "You've already got this in your list"

  Rule: People can remove items

    Scenario: Edith removes an item
      Given Edith has an open list with "Buy milk", "Water the plants" and "Book the train"
      When Edith removes "Water the plants"
      Then Edith's list reads "Buy milk" and "Book the train"
      And Edith sees the confirmation "Removed “Water the plants”."

    Scenario: Edith undoes the removal of an item
      Given Edith has an open list with "Buy milk", "Water the plants" and "Book the train"
      And Edith has removed "Water the plants"
      When Edith undoes that
      Then Edith's list reads "Buy milk", "Water the plants" and "Book the train"
      And Edith sees that "Water the plants" is still to do

    Scenario: An item that is done is still done when its removal is undone
      Given Edith has an open list with "Buy milk" and "Water the plants"
      And Edith has ticked off "Buy milk"
      And Edith has removed "Buy milk"
      When Edith undoes that
      Then Edith sees that "Buy milk" is done

    Scenario: Edith removes the only item
      Given Edith has an open list with "Buy milk"
      When Edith removes "Buy milk"
      Then Edith sees that the list is empty
      And Edith's list is called "Empty list"

  Rule: The people a list is shared with can change its items

    Scenario: Oni edits and removes items of Edith's list
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      And Oni changes "Buy milk" to "Buy oat milk"
      And Oni removes "Water the plants"
      Then Oni's list reads "Buy oat milk"

  Rule: No one loses what they type when two people change an item at the same time

    Scenario: Oni edits an item that Edith has removed
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      And Oni is editing "Buy milk" on Edith's list
      When Edith opens her list
      And Edith removes "Buy milk"
      And Oni saves "Buy oat milk"
      Then Oni sees the message "This item is no longer on the list. To keep your text, add it as a new item."
      And Oni can still add "Buy oat milk"
      And Oni's list reads "Water the plants"

    Scenario: Oni edits an item that Edith has edited
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      And Oni is editing "Buy milk" on Edith's list
      When Edith opens her list
      And Edith changes "Buy milk" to "Learn what <b> & &lt; mean"
      And Oni saves "Buy oat milk"
      Then Oni sees the message "Someone else has changed this item to “Learn what <b> & &lt; mean”. Save again to replace that with your text"

    Scenario: Oni corrects an empty text for an item that Edith has edited
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      And Oni is editing "Buy milk" on Edith's list
      When Edith opens her list
      And Edith changes "Buy milk" to "Buy rye bread"
      And Oni saves "   "
      And Oni saves "Buy oat milk"
      Then Oni sees the message "Someone else has changed this item to “Buy rye bread”. Save again to replace that with your text"

    Scenario: Oni saves again, and replaces what Edith has written
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      And Oni is editing "Buy milk" on Edith's list
      When Edith opens her list
      And Edith changes "Buy milk" to "Buy rye bread"
      And Oni saves "Buy oat milk"
      And Oni saves "Buy oat milk"
      Then Oni's list reads "Buy oat milk" and "Water the plants"

    Scenario: Edith undoes an edit of an item that Oni has edited since
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith opens her list
      And Edith changes "Buy milk" to "Buy oat milk"
      And Oni opens Edith's list
      And Oni changes "Buy oat milk" to "Buy rye bread"
      And Edith undoes that
      Then Edith sees the message "Someone else has changed this item to “Buy rye bread”. Save again to replace that with your text"

    Scenario: Oni ticks off an item that Edith has removed
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Edith opens her list
      And Edith removes "Buy milk"
      And Oni ticks off "Buy milk"
      Then Oni sees the warning "This item is no longer on the list."
      And Oni's list reads "Water the plants"
      When Oni opens the same address again
      Then Oni's list reads "Water the plants"
      And Oni no longer sees a message

    Scenario: Oni asks to edit an item that Edith has removed
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Edith opens her list
      And Edith removes "Buy milk"
      And Oni asks to edit "Buy milk"
      Then Oni sees the warning "This item is no longer on the list."
      And Oni's list reads "Water the plants"

    Scenario: Oni removes an item that Edith has removed
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Edith opens her list
      And Edith removes "Buy milk"
      And Oni removes "Buy milk"
      Then Oni sees the warning "This item is no longer on the list."
      And Oni's list reads "Water the plants"

    Scenario: Edith undoes the removal of an item that Oni has added again
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith opens her list
      And Edith removes "Buy milk"
      And Oni opens Edith's list
      And Oni adds "Buy milk"
      And Edith undoes the removal
      Then Edith sees the message "You've already got this in your list"
      And Edith's list reads "Water the plants" and "Buy milk"

  Rule: People can edit and remove items with the keyboard

    @browser
    Scenario: Edith removes an item by mistake
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith removes "Buy milk"
      Then Edith can undo that by pressing Enter

    @browser
    Scenario: Edith continues from the item that she has edited
      Given Edith has an open list with "Buy milk", "Water the plants" and "Book the train"
      When Edith changes "Water the plants" to "Water the roses"
      Then Edith can continue from "Water the roses" with the keyboard
