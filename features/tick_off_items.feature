Feature: Tick off items
  People tick off items that are done. A done item stays on the list, so that
  everyone can see it, and a tick made by mistake can be removed.

  Rule: People can tick off items that are done

    @gallery
    Scenario: Edith ticks off an item
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith ticks off "Buy milk"
      Then Edith sees that "Buy milk" is done
      And Edith sees that "Water the plants" is still to do

    @browser
    Scenario: A done item is crossed out
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith ticks off "Buy milk"
      Then Edith sees that "Buy milk" is crossed out
      And Edith sees that "Water the plants" is not crossed out

    Scenario: A done item stays on the list
      Given Edith has an open list with "Buy milk" and "Water the plants"
      When Edith ticks off "Buy milk"
      Then Edith's list reads "Buy milk" and "Water the plants"

    Scenario: Edith removes a tick
      Given Edith has an open list with "Buy milk" and "Water the plants"
      And Edith has ticked off "Buy milk"
      When Edith removes the tick from "Buy milk"
      Then Edith sees that "Buy milk" is still to do
      And Edith's browser does not tick "Buy milk" automatically

    Scenario: Edith ticks off an item with a simple browser
      Given Edith uses a simple browser
      And Edith has an open list with "Buy milk" and "Water the plants"
      When Edith ticks off "Buy milk"
      Then Edith sees that "Buy milk" is done

    @browser
    Scenario: A simple browser has a button that saves a tick
      Given Edith uses a simple browser
      When Edith starts a list with "Buy milk"
      Then Edith sees the button "Save Buy milk"
      And every button and link shows Edith what it is for

    @browser
    Scenario: Edith ticks off an item of a long list
      Given Edith uses a phone
      And Edith has an open list with 40 items
      When Edith ticks off "Read page 20"
      Then Edith sees the item "Read page 20" without scrolling

  Rule: Everyone who can see a list sees what is done

    Scenario: Oni ticks off an item of Edith's list
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Oni ticks off "Water the plants"
      And Edith opens her list
      Then Edith sees that "Water the plants" is done
      And Edith sees that "Buy milk" is still to do

    Scenario: Oni ticks off an item that Edith has ticked off at the same time
      Given Edith has shared her list "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Edith opens her list
      And Edith ticks off "Buy milk"
      And Oni ticks off "Buy milk"
      Then Oni sees that "Buy milk" is done

  Rule: People can tick off items with the keyboard

    @browser
    Scenario: Edith continues from the item that she has ticked off
      Given Edith has an open list with "Buy milk", "Water the plants" and "Book the train"
      When Edith ticks off "Water the plants"
      Then Edith can continue from "Water the plants" with the keyboard

  Rule: People can remove all done items together

    @planned
    Scenario: Edith tidies her list
      Given Edith has an open list with "Buy milk", "Water the plants" and "Book the train"
      And Edith has ticked off "Buy milk"
      And Edith has ticked off "Book the train"
      When Edith removes all done items
      Then Edith's list reads "Water the plants"
