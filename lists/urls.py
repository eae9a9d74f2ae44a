from django.urls import path

from lists import item_views, list_views, sharing_views, views

app_name = "lists"

urlpatterns = [
    path("", views.home, name="home"),
    path("lists/new", views.new, name="new"),
    path("lists/<uuid:list_id>/", views.view, name="view"),
    path("lists/<uuid:list_id>/rename", list_views.rename, name="rename"),
    path("lists/<uuid:list_id>/delete", list_views.delete, name="delete"),
    path("lists/<uuid:list_id>/share", sharing_views.share, name="share"),
    path("lists/<uuid:list_id>/keep", sharing_views.keep, name="keep"),
    path("lists/<uuid:list_id>/open", sharing_views.open_again, name="open"),
    path(
        "lists/<uuid:list_id>/stop-sharing",
        sharing_views.stop_sharing,
        name="stop_sharing",
    ),
    path("lists/<uuid:list_id>/items/<int:item_id>/tick", item_views.tick, name="tick"),
    path("lists/<uuid:list_id>/items/<int:item_id>/edit", item_views.edit, name="edit"),
    path("lists/<uuid:list_id>/items/<int:item_id>/remove", item_views.remove, name="remove"),
    path("lists/<uuid:list_id>/items/restore", item_views.restore, name="restore"),
    path("my-lists/", views.mine, name="mine"),
]
