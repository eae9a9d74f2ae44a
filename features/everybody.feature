Feature: Everybody can use the site
  With a mouse or a finger, on a desk or on a phone, seeing or listening: the
  site is for all. WCAG 2.2, levels A and AA, says how, and as much of it as a
  program can tell is checked here.

  @browser
  Scenario Outline: The <page> is for everybody
    Given Edith has a window of 360 by 640
    When Edith opens the <page>
    Then nothing is wider than Edith's window
    And everything on Edith's page is large enough to touch
    And Edith's page keeps to WCAG 2.2 AA

    Examples:
      | page                          |
      | home page                     |
      | list with a refused item      |
      | list that is shared           |
      | list of a long address        |
      | My lists page                 |
      | log-in page                   |
      | page of a login link          |
      | page of a dead link           |
      | page of another person's link |
      | page that is not there        |
