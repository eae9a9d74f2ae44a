from django.urls import path

from lists import item_views, sharing_views, views

app_name = "lists"

urlpatterns = [
    path("", views.home, name="home"),
    path("lists/new", views.new, name="new"),
    path("lists/<uuid:list_id>/", views.view, name="view"),
    path("lists/<uuid:list_id>/share", sharing_views.share, name="share"),
    path(
        "lists/<uuid:list_id>/stop-sharing",
        sharing_views.stop_sharing,
        name="stop_sharing",
    ),
    path("lists/<uuid:list_id>/items/<int:item_id>/tick", item_views.tick, name="tick"),
    path("my-lists/", views.mine, name="mine"),
]
