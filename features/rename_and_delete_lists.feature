Feature: Rename and delete lists
  A list has the name of its first item until someone renames it. The name is the
  heading of the list, and owners find it under My lists.

  Rule: A list has a name

    Scenario: A new list has the name of its first item
      When Edith starts a list with "Water the plants"
      And Edith adds "Buy milk"
      Then Edith's list is called "Water the plants"

    Scenario: The name changes with the first item if Edith leaves it as it is
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith renames the list to "Buy milk"
      And Edith changes "Buy milk" to "Buy oat milk"
      Then Edith's list is called "Buy oat milk"

    Scenario: Edith renames her list
      Given Edith is logged in
      And Edith owns a list with "Buy milk" and "Water the plants"
      When Edith opens her list
      And Edith renames the list to "Saturday"
      Then Edith's list is called "Saturday"
      And Edith's list reads "Buy milk" and "Water the plants"
      And Edith sees the message "Renamed “Buy milk” to “Saturday”."

    Scenario: Edith decides not to rename her list
      Given Edith has an open list with "Buy milk"
      When Edith asks to rename the list
      Then Edith's page has the title "Rename “Buy milk”" and the heading "Rename a To-Do list"
      And Edith can use "Name", "Save" and "Cancel" there
      And Edith can edit the name "Buy milk"
      And Edith can type into the field "Name" immediately
      And Edith can leave the field "Name" empty
      And a text explains "Name" to Edith
      When Edith follows the link "Cancel"
      Then Edith's list is called "Buy milk"

    @browser
    Scenario: Edith types over the name of her list
      Given Edith has an open list with "Buy milk"
      When Edith asks to rename the list
      Then "Buy milk" is selected for Edith to type over

    Scenario: Edith finds a renamed list under My lists
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      And Edith owns a list with "Buy milk" and "Water the plants"
      When Edith opens her list
      And Edith renames the list to "Saturday"
      And Edith opens My lists
      Then Edith's own lists are "Saturday" and "Plan the party"

    Scenario: Edith undoes the renaming of her list
      Given Edith is logged in
      And Edith owns a list with "Buy milk" and "Water the plants"
      When Edith opens her list
      And Edith renames the list to "Saturday"
      And Edith undoes that
      And Edith changes "Buy milk" to "Buy oat milk"
      Then Edith's list is called "Buy oat milk"

    Scenario: Edith undoes the second renaming of her list
      Given Edith has an open list with "Buy milk"
      When Edith renames the list to "Saturday"
      And Edith renames the list to "Sunday"
      And Edith undoes that
      Then Edith's list is called "Saturday"

    Scenario: A name appears exactly as it was typed
      Given Edith is logged in
      And Edith owns a list with "Buy milk"
      When Edith opens her list
      And Edith renames the list to "Learn <b> & &lt;"
      Then Edith's list is called "Learn <b> & &lt;"
      And Edith sees the message "Renamed “Buy milk” to “Learn <b> & &lt;”."
      When Edith asks to delete the list
      Then Edith is asked "Delete “Learn <b> & &lt;”?"
      And Edith reads "Learn <b> & &lt;" in its own direction
      When Edith opens My lists
      Then Edith's own lists are "Learn <b> & &lt;"
      And Edith reads "Learn <b> & &lt;" in its own direction

    Scenario: Edith removes the name of her list
      Given Edith is logged in
      And Edith owns a list with "Buy milk" and "Water the plants"
      When Edith opens her list
      And Edith renames the list to "Saturday"
      And Edith renames the list to ""
      Then Edith's list is called "Buy milk"
      When Edith renames the list to a name that no one can see
      Then Edith's list is called "Buy milk"

    Scenario: Edith gives her list a name with 255 characters
      Given Edith has an open list with "Buy milk"
      When Edith renames the list to a name with 255 characters
      Then Edith's list is called by a name with 255 characters

    Scenario: A name that is too long can be shortened
      Given Edith has an open list with "Buy milk"
      When Edith renames the list to a name with 256 characters
      Then Edith sees the message "A name can have at most 255 characters, and this one has 256"
      And Edith can shorten the name with 256 characters

  Rule: Only the owner can rename a list, and anyone can rename an open list

    Scenario: Oni cannot rename Edith's list
      Given Edith has shared her list "Buy milk" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni cannot rename the list

    Scenario: Francis renames an open list
      Given Edith has an open list with "Buy milk"
      When Francis opens Edith's list
      And Francis renames the list to "Saturday"
      Then Francis's list is called "Saturday"

  Rule: The owner can delete a list, and is asked first

    Scenario: Edith is asked whether to delete her list
      Given Edith is logged in
      And Edith has shared her list "Buy milk" and "Water the plants" with Oni
      When Edith opens her list
      And Edith asks to delete the list
      Then Edith is asked "Delete “Buy milk”?"
      And Edith can use "Keep the list" and "Delete the list" there
      And Edith is warned that "The list has 2 items. The person it is shared with will no longer see it."

    Scenario: Edith deletes her list
      Given Edith is logged in
      And Edith owns a list with "Plan the party"
      And Edith owns a list with "Buy milk"
      When Edith opens her list
      And Edith asks to delete the list
      And Edith confirms that
      Then Edith sees the confirmation "Deleted “Buy milk”."
      And Edith's own lists are "Plan the party"

    Scenario: Edith decides not to delete her list
      Given Edith is logged in
      And Edith owns a list with "Buy milk"
      When Edith opens her list
      And Edith asks to delete the list
      And Edith decides not to delete the list
      Then Edith's list reads "Buy milk"

    Scenario: Oni no longer sees a list that Edith has deleted
      Given Edith has shared her list "Buy milk" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith opens her list
      And Edith asks to delete the list
      And Edith confirms that
      And Oni opens Edith's list
      Then Oni sees that there is nothing here

    Scenario: Oni cannot delete Edith's list
      Given Edith has shared her list "Buy milk" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni cannot delete the list

    Scenario: No one can delete an open list
      When Edith starts a list with "Buy milk"
      Then Edith cannot delete the list

  Rule: A deleted list cannot be restored

    Scenario: Edith is warned before she deletes her list
      Given Edith is logged in
      And Edith owns a list with "Buy milk"
      When Edith opens her list
      And Edith asks to delete the list
      Then Edith is warned that "The list has 1 item. A deleted list cannot be restored."

    Scenario: Edith cannot undo the deletion of her list
      Given Edith is logged in
      And Edith owns a list with "Buy milk"
      When Edith opens her list
      And Edith asks to delete the list
      And Edith confirms that
      Then Edith sees the confirmation "Deleted “Buy milk”."
      And Edith cannot undo that
