"""The stack itself: its parts come up, come back, and start empty for each test."""


def test_mail_goes_through_real_processes(stack):
    stack.worker()
    stack.beat(every=0.5)
    stack.done("post", keys=["one"])
    stack.until_sent(1)
    stack.postgres.restart()
    assert stack.sql("SELECT key FROM notifications_message") == [("one",)]
    stack.reset()
    assert stack.sql("SELECT key FROM notifications_message") == []
