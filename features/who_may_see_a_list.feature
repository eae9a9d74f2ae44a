Feature: Who may see a list
  A list that a person starts while logged in belongs to that person. No one else
  can see it, or find out that it exists, unless its owner shares it. A list that
  was started without logging in is open.

  Rule: Only the owner of a list and the people it is shared with can see it

    Scenario: Edith sees her own list
      Given Edith is logged in
      And Edith owns a list with "Plan a surprise for Francis"
      When Edith opens her list
      Then Edith's list reads "Plan a surprise for Francis"
      And Edith's screen reader finds "Superlists", "Items" and "Who can see this list" by their labels and headings
      And Edith sees that the list belongs to her

    Scenario: Oni sees a list that Edith shares with him
      Given Edith has shared her list "Plan a surprise for Francis" with Oni
      And Oni is logged in
      When Oni opens Edith's list
      Then Oni sees Edith's list with "Plan a surprise for Francis"

    Scenario: Francis cannot see Edith's list while he is logged in
      Given Edith owns a list with "Plan a surprise for Francis"
      And Francis is logged in
      When Francis opens Edith's list
      Then Francis sees that there is nothing here

    Scenario: Francis cannot see a list that Edith shares only with Oni
      Given Edith has shared her list "Plan a surprise for Francis" with Oni
      And Francis is logged in
      When Francis opens Edith's list
      Then Francis sees that there is nothing here
      And Francis reads "it may be a list that no one has shared with you"

    Scenario: Visitors cannot see Edith's list
      Given Edith owns a list with "Plan a surprise for Francis"
      When Francis opens Edith's list
      Then Francis sees that there is nothing here
      And Francis reads "log in to see it"

    Scenario: Edith cannot see her list after she has logged out
      Given Edith owns a list with "Plan a surprise for Francis"
      And Edith is logged in
      And Edith has logged out
      When Edith opens her list
      Then Edith sees that there is nothing here

    Scenario: Edith's lists do not appear among the lists of Francis
      Given Edith owns a list with "Plan a surprise for Francis"
      And Edith has an open list with "Buy milk"
      And Francis is logged in
      When Francis opens My lists
      Then Francis has no lists of his own
      And no one has shared a list with Francis

    @browser
    Scenario: The Back button does not show Edith's list after she has logged out
      Given Edith's browser keeps pages for the Back button
      And Edith owns a list with "Plan a surprise for Francis"
      And Edith is logged in
      When Edith opens her list
      And Edith logs out
      And Edith goes back
      Then Edith sees that there is nothing here

  Rule: No one can do to a list what its page does not offer them
    Each button and each link of a page has an address. A person who knows these addresses
    can send requests to them without the page.

    Scenario: Francis cannot use the buttons of a list that Edith has kept
      Given Edith is logged in
      And Francis is logged in
      And Edith has an open list with "Buy milk"
      When Edith keeps the list
      And Francis opens Edith's list
      Then Francis finds nothing at the addresses of Edith's buttons and links

    Scenario: Visitors cannot use the buttons of Edith's list
      Given Edith has shared her list "Buy milk" and "Make tea" with Oni
      And Edith is logged in
      When Edith opens her list
      And Edith removes "Make tea"
      And Francis opens Edith's list
      Then Francis finds nothing at the addresses of Edith's buttons and links

    Scenario: Oni cannot use the buttons that only Edith has
      Given Edith has shared her list "Buy milk" with Oni
      And Edith is logged in
      And Oni is logged in
      When Edith opens her list
      And Oni opens Edith's list
      Then Oni finds nothing at the addresses of Edith's buttons and links

  Rule: Anyone who has the address of an open list can see it

    Scenario: Francis sees the open list that Edith has started
      Given Edith has an open list with "Buy milk" and "Make tea"
      When Francis opens Edith's list
      Then Francis sees Edith's list with "Buy milk" and "Make tea"
      And Francis's screen reader finds "Superlists", "Items" and "Who can see this list" by their labels and headings
      And Francis reads "anyone who has the address of this page can see it and change it"
      And Francis reads "log in, and make the list yours"
