Feature: Items of a list
  A list is a plain, numbered sequence of things to do. The site keeps it tidy:
  nothing empty, nothing twice.

  Rule: Items stand in the order in which they were added

    Scenario: Edith adds items
      Given Edith has opened a list with "Buy peacock feathers"
      When Edith adds "Use peacock feathers to make a fly"
      And Edith adds "Give the fly to Francis"
      Then Edith's list reads "Buy peacock feathers", "Use peacock feathers to make a fly" and "Give the fly to Francis"

    Scenario: Spaces around an item do not count
      Given Edith has opened a list with "Buy milk"
      When Edith adds "   Make tea "
      Then Edith's list reads "Buy milk" and "Make tea"

  Rule: An item says something

    @browser
    Scenario: Edith's browser refuses an empty item
      Given Edith has opened a list with "Buy milk"
      When Edith tries to add an empty item
      Then Edith's browser asks for an item
      And Edith's list reads "Buy milk"

    @browser
    Scenario: Edith's browser is content as soon as she types
      Given Edith has opened a list with "Buy milk"
      And Edith has tried to add an empty item
      When Edith starts to type "Make tea"
      Then Edith's browser has no complaint

    Scenario: The site refuses an item of nothing but spaces
      Given Edith has opened a list with "Buy milk"
      When Edith adds "   "
      Then Edith is told about the item "You can't have an empty list item"
      And Edith's list reads "Buy milk"

  Rule: An item is in a list only once

    Scenario: Edith adds an item that she has already
      Given Edith has opened a list with "Buy wellies"
      When Edith adds "Buy wellies"
      Then Edith is told about the item "You've already got this in your list"
      And Edith's list reads "Buy wellies"

    Scenario: Two lists may have the same item
      Given Edith has opened a list with "Buy wellies"
      When Francis starts a list with "Buy wellies"
      Then Francis's list reads "Buy wellies"

    @browser
    Scenario: The message goes when Edith goes on typing
      Given Edith has opened a list with "Buy wellies"
      And Edith has been refused "Buy wellies" a second time
      When Edith starts to type "Buy socks"
      Then Edith is told nothing about the item

  Rule: An item is at most 255 characters long

    Scenario: The longest item
      Given Edith has opened a list with "Buy milk"
      When Edith adds an item of 255 characters
      Then Edith's list reads "Buy milk" and an item of 255 characters

    Scenario: An item that is too long is not lost
      Given Edith has opened a list with "Buy milk"
      When Edith adds an item of 256 characters
      Then Edith is told about the item "An item can have at most 255 characters, and this one has 256"
      And Edith still has the item of 256 characters before her
      And Edith's list reads "Buy milk"

  Rule: An item is shown as it was typed

    Scenario: An item that looks like HTML
      Given Edith has opened a list with "Buy milk"
      When Edith adds "<b>Learn</b> <script>alert(1)</script> & HTML"
      Then Edith's list reads "Buy milk" and "<b>Learn</b> <script>alert(1)</script> & HTML"
