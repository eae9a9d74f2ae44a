Feature: Log in by e-mail
  There are no passwords on the site. Whoever wants to log in types a mail
  address, gets a link by mail and opens it. An address is all that the site
  knows of a person.

  Rule: The link in the mail logs its reader in

    Scenario: Edith asks for a login link
      When Edith asks for a login link
      Then Edith reads "Check your email"
      And Edith gets the mail "Your login link for Superlists"
      And the mail to Edith says "Use this link to log in" and links to the site

    Scenario: Edith opens her login link
      Given Edith has got a login link
      When Edith opens her login link
      Then Edith is logged in

    Scenario: Edith's browser runs no scripts
      Given Edith has got a login link
      And Edith's browser runs no scripts
      When Edith opens her login link
      And Edith confirms the log-in
      Then Edith is logged in

    Scenario: The site knows Edith however she writes her address
      Given Edith keeps a list with "Buy milk"
      When Edith logs in with her address in capitals
      And Edith opens My lists
      Then Edith's own lists are "Buy milk"

  Rule: Whoever logs out is logged out

    Scenario: Edith logs out
      Given Edith is logged in
      When Edith logs out
      Then Edith is logged out

  Rule: The site does not say whom it knows

    Scenario: A newcomer gets the same answer as everybody
      Given Edith keeps a list with "Buy milk"
      When Edith asks for a login link
      And Francis asks for a login link
      Then Edith and Francis read the same answer

  Rule: The site mails only to addresses that can be one

    Scenario Outline: Edith mistypes her address as "<address>"
      When Edith asks for a login link to "<address>"
      Then Edith is told about the address "That is not an e-mail address: it should look like edith@example.com."
      And Edith still has the address "<address>" before her

      Examples:
        | address            |
        | edith@example      |
        | .edith@example.com |

  Rule: Nobody's mailbox is flooded

    Scenario: Edith asks for too many login links
      Given Edith has asked for a login link as often as the site allows
      When Edith asks for a login link
      Then Edith reads "try again"
