Feature: Login links are safe
  A login link gives access to a person's lists, so it has to be safe in a
  mailbox. It works once, for 15 minutes, and only until the person asks for
  another one.

  Rule: A link works once

    Scenario: Edith opens her link a second time
      Given Edith has logged in with a login link
      And Edith has logged out
      When Edith opens her login link
      Then Edith sees that the link no longer works
      And Edith is logged out

    Scenario: Edith opens her link a second time while she is logged in
      Given Edith has logged in with a login link
      When Edith opens her login link
      Then Edith sees that the link no longer works
      And Edith reads "You do not need another one: you are logged in as" and her address
      When Edith follows the link "Go to My lists"
      Then Edith has no lists of her own

    Scenario: Edith's email provider checks the link before she opens it
      Given Edith has a login link
      And Edith's email provider has checked her login link
      When Edith opens her login link
      Then Edith is logged in

  Rule: A link works for 15 minutes

    Scenario: Edith opens her link too late
      Given Edith got a login link 16 minutes ago
      When Edith opens her login link
      Then Edith sees that the link no longer works
      And Edith reads "A link works once, for 15 minutes, and only until you ask for another one."

    Scenario: Edith opens her link in time
      Given Edith got a login link 14 minutes ago
      When Edith opens her login link
      Then Edith is logged in

  Rule: A newer link replaces older ones

    Scenario: Edith opens the older of two links
      Given Edith has 2 login links
      When Edith opens her older login link
      Then Edith sees that the link no longer works

    Scenario: Edith's link stays the same when Francis gets one
      Given Edith has a login link
      And Francis has logged in with a login link
      When Edith opens her login link
      Then Edith is logged in

    Scenario: Edith opens the newer of two links
      Given Edith has 2 login links
      When Edith opens her newer login link
      Then Edith is logged in

  Rule: People with an incomplete link can ask for a new one

    Scenario: The end of the link is missing
      Given Edith has a login link
      When Edith opens her login link without its last letter
      Then Edith sees that the link no longer works
      And Edith can ask for a new link
      When Edith asks for a login link
      Then Edith sees the message "Check your email"

  Rule: No one is logged in as another person by accident

    Scenario: Edith opens a link that was sent to Francis
      Given Edith is logged in
      And Francis has a login link
      When Edith opens Francis's login link
      Then Edith is asked whether to log in as Francis
      And Edith sees a message that includes "You are logged in as"
      And Edith sees a message that includes "This login link is for"
      And Edith reads "If you did not ask for this link, do not use it"
      And Edith reads "everything that you write would go into the lists of" and Francis's address
      And Edith is logged in

    Scenario: Edith does not use the link that was sent to Francis
      Given Edith is logged in
      And Francis has a login link
      When Edith opens Francis's login link
      And Edith stays logged in as Edith
      Then Edith is logged in
      And Edith's page has the title "Start a new To-Do list" and the heading "Start a new To-Do list"

    Scenario: Edith opens her own link while she is logged in
      Given Edith is logged in
      And Edith has a login link
      When Edith opens her login link
      Then Edith is invited to start a list
      And Edith is logged in

    Scenario: Francis logs in on Edith's computer
      Given Edith is logged in
      And Francis has a login link
      When Edith opens Francis's login link
      And Edith confirms the login
      Then Edith's browser is logged in as Francis
