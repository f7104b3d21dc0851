"""Webhooks as bytes on a wire: signing, which addresses may be reached, one request. Knows no Django."""
