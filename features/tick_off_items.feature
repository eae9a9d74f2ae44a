Feature: Tick off items
  What is done is ticked off. It stays on the list, so that everyone can see what
  has been done, and a tick made by mistake can be removed.

  Rule: An item that is done is ticked off

    Scenario: Edith ticks off an item
      Given Edith has opened a list with "Buy milk" and "Water the plants"
      When Edith ticks off "Buy milk"
      Then Edith sees that "Buy milk" is done
      And Edith sees that "Water the plants" is still to do

    Scenario: An item that is done stays on the list
      Given Edith has opened a list with "Buy milk" and "Water the plants"
      When Edith ticks off "Buy milk"
      Then Edith's list reads "Buy milk" and "Water the plants"

    Scenario: Edith removes a tick
      Given Edith has opened a list with "Buy milk" and "Water the plants"
      And Edith has ticked off "Buy milk"
      When Edith removes the tick from "Buy milk"
      Then Edith sees that "Buy milk" is still to do

  Rule: Everyone who can see the list sees what is done

    Scenario: Oni ticks off an item of Edith's list
      Given Edith has shared a list with "Buy milk" and "Water the plants" with Oni
      And Edith is logged in
      And Oni is logged in
      When Oni opens Edith's list
      And Oni ticks off "Water the plants"
      And Edith opens Edith's list
      Then Edith sees that "Water the plants" is done
      And Edith sees that "Buy milk" is still to do

  Rule: A keyboard is enough

    @browser
    Scenario: Edith goes on from the item that she has ticked off
      Given Edith has opened a list with "Buy milk", "Water the plants" and "Book the train"
      When Edith ticks off "Water the plants"
      Then Edith's keyboard is at "Water the plants"
