from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


@step("the customer has {int} cents")
def the_customer_has_cents(context: Context, money: int) -> None:
    context.money = money


@step("there are chocolate bars in stock")
def there_are_chocolate_bars_in_stock(context: Context) -> None:
    context.stock = ["Mars"]


@step("there are no chocolate bars in stock")
def there_are_no_chocolate_bars_in_stock(context: Context) -> None:
    context.stock = []


@step("the customer tries to buy a {int} cent chocolate bar")
def the_customer_tries_to_buy_a_cent_chocolate_bar(context: Context, price: int) -> None:
    context.sold = bool(context.stock) and context.money >= price


@step("the sale should not happen")
def the_sale_should_not_happen(context: Context) -> None:
    assert not context.sold


@step("the sale should happen")
def the_sale_should_happen(context: Context) -> None:
    assert context.sold
