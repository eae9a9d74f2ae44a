Feature: The life of a login link
  A login link opens somebody's lists, so it has to be safe in a mailbox: it is
  good for one log-in, for a quarter of an hour, and only until there is a newer
  one.

  Rule: A link works once

    Scenario: Edith opens her link a second time
      Given Edith has logged in with a login link
      And Edith has logged out
      When Edith opens her login link
      Then Edith is told that the link does not work any more
      And Edith is logged out

    Scenario: A mail scanner looks at the link before Edith does
      Given Edith has got a login link
      And a mail scanner has looked at Edith's login link
      When Edith opens her login link
      Then Edith is logged in

  Rule: A link works for 15 minutes

    Scenario: Edith opens her link late
      Given Edith has got a login link
      And 16 minutes have passed for Edith's login link
      When Edith opens her login link
      Then Edith is told that the link does not work any more

    Scenario: Edith opens her link in time
      Given Edith has got a login link
      And 14 minutes have passed for Edith's login link
      When Edith opens her login link
      Then Edith is logged in

  Rule: A newer link replaces the older ones

    Scenario: Edith opens the older of two links
      Given Edith has got 2 login links
      When Edith opens her oldest login link
      Then Edith is told that the link does not work any more

    Scenario: Edith opens the newer of two links
      Given Edith has got 2 login links
      When Edith opens her login link
      Then Edith is logged in

  Rule: A damaged link leads to a new one

    Scenario: The end of the link is missing
      Given Edith has got a login link
      When Edith opens her login link without its last letter
      Then Edith is told that the link does not work any more
      And Edith can ask for a new link

  Rule: No one becomes another person without being asked

    Scenario: Edith opens a link that was mailed to Francis
      Given Edith is logged in
      And Francis has got a login link
      When Edith opens the login link of Francis
      Then Edith is asked whether to log in as Francis
      And Edith is logged in

    Scenario: Edith lets Francis log in at her computer
      Given Edith is logged in
      And Francis has got a login link
      When Edith opens the login link of Francis
      And Edith confirms the log-in
      Then Edith's browser is logged in as Francis
