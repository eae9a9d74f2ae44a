Feature: Log in by email
  The site has no passwords. People enter their email address, get an email with
  a link, and open the link. The site asks for nothing else about a person.

  Rule: The link in the email logs Edith in

    @gallery
    Scenario: Edith asks for a login link
      When Edith asks for a login link
      Then Edith sees the message "Check your email"
      And only Edith gets the email "Your login link for Superlists"
      And Edith's email asks programs not to answer it
      And Edith's email contains "Use this link to log in" and a link to the site
      And Edith's email contains "It works once, for 15 minutes" and her address
      And Edith's email contains "If it was not you, ignore this email" and her address

    Scenario: Edith opens her login link
      Given Edith has a login link
      When Edith opens her login link
      Then Edith is logged in

    @browser
    Scenario: Edith goes back after she has logged in
      When Edith opens the home page
      And Edith logs in
      And Edith goes back
      Then Edith is invited to start a list

    Scenario: Edith logs in with a simple browser
      Given Edith has a login link
      And Edith uses a simple browser
      When Edith opens her login link
      And Edith confirms the login
      Then Edith is logged in

    Scenario: Capital letters in the address make no difference
      Given Edith owns a list with "Buy milk"
      When Edith logs in with her address in capital letters
      And Edith opens My lists
      Then Edith's own lists are "Buy milk"

  Rule: A page asks for an email address in one place only

    Scenario Outline: Edith can log in on the <page>
      When Edith opens the <page>
      Then Edith is asked for her email address in one place

      Examples:
        | page                               |
        | home page                          |
        | login page                         |
        | page that an expired link leads to |
        | page that does not exist           |

    Scenario: Edith's login link does not ask for an address again
      When Edith opens the page that a login link leads to
      Then Edith is not asked for her email address

    Scenario: Edith opens the login page while she is logged in
      Given Edith is logged in
      When Edith opens the login page
      Then Edith is not asked for her email address
      And Edith is invited to start a list

  Rule: People can log out

    Scenario: Edith logs out
      Given Edith is logged in
      When Edith logs out
      Then Edith is logged out

    Scenario: Edith logs out on one of her two computers
      Given Edith is logged in
      And Edith has logged in on another computer
      When Edith logs out
      Then Edith is logged out
      And Edith is still logged in on the other computer

  Rule: A page from before a login or logout changes nothing
    The site cannot know whether Edith sent such a form, or another site did so in her
    name. A page becomes out of date when Edith logs in or out in another tab.

    Scenario: Edith adds an item on a page that is out of date
      Given Edith has an open list with "Buy milk"
      And Edith's page is out of date
      When Edith adds "Make tea"
      Then Edith sees that her page was out of date
      And Edith's page has the title "Please try again" and the heading "Please try that again"
      And Edith reads "Go back, reload the page and send the form again."
      When Edith follows the link "Go to the home page"
      Then Edith is invited to start a list

  Rule: People stay logged in for two weeks

    Scenario: Edith closes her browser
      Given Edith has logged in with a login link
      When Edith closes her browser and opens it again
      Then Edith is logged in

    Scenario: Edith comes back after 13 days
      Given Edith logged in 13 days ago
      When Edith opens My lists
      Then Edith is logged in

    Scenario: Edith comes back after 15 days
      Given Edith logged in 15 days ago
      When Edith opens the home page
      Then Edith is logged out

  Rule: The site does not reveal who uses it

    Scenario: A new visitor sees the same message as the owner of a list
      Given Edith owns a list with "Buy milk"
      When Edith asks for a login link
      And Francis asks for a login link
      Then Edith and Francis see the same message

    Scenario: The people who run the site cannot see in its log who uses it
      Given Edith has logged in with a login link
      When Edith opens My lists
      Then the site's log contains nothing about Edith

  Rule: The site sends email only to valid addresses

    Scenario Outline: Edith mistypes her address as "<address>"
      When Edith asks for a login link to "<address>"
      Then Edith sees the message "Enter a valid email address, such as edith@example.com."
      And Edith can correct her address "<address>"
      And Edith can type into the field "Your email address" immediately

      Examples:
        | address            |
        | edith@example      |
        | .edith@example.com |

    @browser
    Scenario: An address that is not valid looks refused until Edith types
      When Edith opens the login page
      And Edith asks for a login link to "edith@example"
      Then Edith sees the message "Enter a valid email address, such as edith@example.com."
      And only what is refused looks refused, until Edith types

    Scenario: Edith's address is too long
      When Edith opens the login page
      And Edith asks for a login link to an address of 255 characters
      Then Edith sees the message "An email address can have at most 254 characters."

  Rule: One address gets at most 30 login links an hour
    This protects the mailbox of anyone whose address others type. From one
    internet connection, people can ask for 10 links an hour to one address.

    Scenario: Edith's mailbox gets no 31st login link
      Given 30 login links have been sent to Edith in the last hour
      When Edith asks for a login link
      Then Edith sees the message "We have already sent several login links to this address. Please use the newest one, or try again in 5 minutes."

    Scenario: Asking in vain does not make Edith wait longer
      Given 30 login links were sent to Edith 4 minutes ago
      When Edith asks for a login link
      And Edith asks for a login link
      Then Edith sees a message that includes "try again in 1 minute."

    Scenario: Edith's mailbox gets the 30th login link
      Given 29 login links have been sent to Edith in the last hour
      When Edith asks for a login link
      Then Edith sees the message "Check your email"

    Scenario: No one can keep Edith from logging in
      Given 30 login links were sent to Edith 6 minutes ago
      When Edith asks for a login link
      Then Edith sees the message "Check your email"
      When Edith asks for a login link
      Then Edith sees a message that includes "try again in 5 minutes."

    Scenario: Edith gets no 11th login link from one internet connection
      Given Edith has asked for 9 login links in the last hour
      When Edith asks for a login link
      Then Edith sees the message "Check your email"
      When Edith asks for a login link
      Then Edith sees the message "Too many login links were requested in the last hour, so we have not sent this one."
