"""A picture drawn anew from its pixels, so that place, camera, hidden text and appended files stay behind."""

from io import BytesIO

from PIL import Image, ImageOps

from cooperation.documents.verdict import Code, Facts, Limits, Refused, Sort

FORMATS = {Sort.JPEG: "JPEG", Sort.PNG: "PNG", Sort.WEBP: "WEBP"}
SETTINGS = {
    Sort.JPEG: {"quality": 90, "optimize": True},
    Sort.PNG: {"compress_level": 6},
    Sort.WEBP: {"quality": 90, "method": 2},
}
KEPT_MODES = {
    Sort.JPEG: ("L", "RGB"),
    Sort.PNG: ("1", "L", "LA", "I;16", "RGB", "RGBA"),
    Sort.WEBP: ("RGB", "RGBA"),
}


def read_picture(data: bytes, sort: Sort, limits: Limits) -> Facts:
    """The picture's pixels, turned upright, in the same format. Raises Refused."""
    try:
        with _opened(data, sort) as picture:
            _check_extent(picture, sort, limits)
            picture.verify()
    except Image.DecompressionBombError as error:
        raise Refused(Code.TOO_MANY_PIXELS, limit=limits.pixels) from error
    with _opened(data, sort) as picture:
        upright = ImageOps.exif_transpose(picture)
        pixels = _plain(upright, sort)
    written = BytesIO()
    pixels.save(written, FORMATS[sort], **SETTINGS[sort])
    return Facts(written.getvalue(), width=pixels.width, height=pixels.height)


def _opened(data: bytes, sort: Sort) -> Image.Image:
    """Only the header is read here; the pixels follow when somebody asks for them."""
    return Image.open(BytesIO(data), formats=(FORMATS[sort],))


def _check_extent(picture: Image.Image, sort: Sort, limits: Limits) -> None:
    if (pixels := picture.width * picture.height) > limits.pixels:
        raise Refused(Code.TOO_MANY_PIXELS, pixels=pixels, limit=limits.pixels)
    # a JPEG of several frames is what telephones write: the photograph, then a small one
    if sort is not Sort.JPEG and getattr(picture, "n_frames", 1) > 1:
        raise Refused(Code.MOVING)


def _plain(picture: Image.Image, sort: Sort) -> Image.Image:
    """The pixels in a mode the format writes as it is, with nothing else attached."""
    if picture.mode not in KEPT_MODES[sort]:
        see_through = picture.has_transparency_data and sort is not Sort.JPEG
        picture = picture.convert("RGBA" if see_through else "RGB")
    plain = picture.copy()
    plain.info.clear()
    return plain
