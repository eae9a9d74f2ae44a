Feature: Everybody can use the site
  The pages keep to WCAG 2.2, levels A and AA, as far as a program can tell.

  Scenario Outline: The <page> is for everybody
    When Edith opens the <page>
    Then Edith's page keeps to WCAG 2.2 AA

    Examples:
      | page                     |
      | home page                |
      | list                     |
      | list with a refused item |
      | list that is shared      |
      | My lists page            |
      | log-in page              |
      | page of a login link     |
      | page of a dead link      |
      | page that is not there   |
