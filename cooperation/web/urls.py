from django.urls import path

from cooperation.web import demo_mail, views

app_name = "web"
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("components/", views.components, name="components"),
    path("demo/mail/", demo_mail.demo_mail, name="demo_mail"),
    path("demo/mail/<str:name>/", demo_mail.demo_mail_detail, name="demo_mail_detail"),
    path("demo/mail/<str:name>/page/", demo_mail.demo_mail_page, name="demo_mail_page"),
]
