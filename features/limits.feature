Feature: Limits for visitors
  Visitors write without saying who they are, so a program could fill the site with
  lists, or mailboxes with emails. The site therefore accepts only so much from one
  internet connection in an hour. People who log in have no such limits.

  @alone
  Rule: From one internet connection, visitors can start 50 lists an hour

    Scenario: Francis starts the 50th list, and no 51st
      Given Francis has started 49 open lists in the last hour
      When Francis starts a list with "Water the plants"
      Then Francis's list reads "Water the plants"
      When Francis tries to start a list with "Book the train"
      Then Francis sees a message that includes "Too many lists came from your network in the last hour."

    Scenario: Francis cannot start a list before an hour has passed
      Given Francis started 50 open lists 58 minutes ago
      When Francis tries to start a list with "Water the plants"
      Then Francis sees a message that includes "Please log in, or try again in 2 minutes."

    Scenario: Edith logs in, and can start a list
      Given Francis has started 50 open lists in the last hour
      And Edith is logged in
      When Edith starts a list with "Water the plants"
      Then Edith's list reads "Water the plants"

  @alone
  Rule: From one internet connection, visitors can make 600 changes an hour

    Scenario: Francis makes the 600th change, and no 601st
      Given Francis has an open list with "Buy milk"
      And Francis has made 599 changes in the last hour
      When Francis adds "Water the plants"
      And Francis adds "Book the train"
      Then Francis sees a message that includes "Too many changes came from your network in the last hour."
      And Francis's list reads "Buy milk", "Make tea" and "Water the plants"

    Scenario Outline: Francis can no longer <change>
      Given Francis has an open list with "Buy milk"
      And Francis has made 600 changes in the last hour
      When Francis <changes>
      Then Francis sees a message that includes "Too many changes came from your network in the last hour. Please log in, or try again in"

      Examples:
        | change          | changes                            |
        | tick off items  | ticks off "Buy milk"               |
        | edit items      | changes "Buy milk" to "Make cocoa" |
        | remove items    | removes "Buy milk"                 |
        | rename the list | renames the list to "Saturday"     |

    Scenario: Edith logs in, and can change the list
      Given Francis has an open list with "Buy milk"
      And Francis has made 600 changes in the last hour
      And Edith is logged in
      When Edith opens Francis's list
      And Edith adds "Water the plants"
      Then Edith's list reads "Buy milk", "Make tea" and "Water the plants"

  @alone
  Rule: From one internet connection, people can ask for 100 login links an hour

    Scenario: Edith gets the 100th login link, and Francis no 101st
      Given 99 login links have been requested from Edith's internet connection in the last hour
      When Edith asks for a login link
      Then Edith sees the message "Check your email"
      When Francis asks for a login link
      Then Francis sees a message that includes "Too many login links were requested in the last hour, so we have not sent this one."
