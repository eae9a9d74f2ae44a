"""The addresses of logging in and out."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("log-in/", views.log_in, name="log_in"),
    path("send_login_email", views.send_login_email, name="send_login_email"),
    path("login", views.open_link, name="open_link"),
    path("logout", views.log_out, name="log_out"),
]
