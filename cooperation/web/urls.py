from django.urls import path

from cooperation.web import views

app_name = "web"
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("components/", views.components, name="components"),
    path("demo/mail/", views.demo_mail, name="demo_mail"),
    path("demo/mail/<str:name>/", views.demo_mail_detail, name="demo_mail_detail"),
]
