"""Every page on which cities are paired, by its address under the call."""

from typing import Any

from calls.admin.pairing import answering, board, directing, publishing, views, what_if

PAGES: list[tuple[str, Any, str]] = [
    ("<int:pk>/pairing/", board.board, "pairing"),
    ("<int:pk>/pairing/run/", board.start_run, "pairing_run"),
    ("<int:pk>/pairing/compare/", what_if.compare_runs, "pairing_compare"),
    ("<int:pk>/pairing/directives/", directing.directives, "pairing_directives"),
    ("<int:pk>/pairing/directives/<int:directive>/end/", directing.end_directive, "pairing_directive_end"),
    ("<int:pk>/pairing/notes/<int:note>/remove/", directing.drop_note, "pairing_note_remove"),
    ("<int:pk>/pairing/<int:number>/cancel/", board.cancel_run, "pairing_cancel"),
    ("<int:pk>/pairing/<int:number>/recommend/", board.recommend_run, "pairing_recommend"),
    ("<int:pk>/pairing/<int:number>/publish/", publishing.publish, "pairing_publish"),
    ("<int:pk>/pairing/<int:number>/answer-by/", answering.move_date, "pairing_answer_by"),
    ("<int:pk>/pairing/<int:number>/what-if/", what_if.what_if, "pairing_what_if"),
    ("<int:pk>/pairing/<int:number>/map/", views.on_map, "pairing_map"),
    ("<int:pk>/pairing/<int:number>/matrix/", views.matrix, "pairing_matrix"),
    ("<int:pk>/pairing/<int:number>/without/", views.without, "pairing_without"),
    ("<int:pk>/pairing/<int:number>/proof/", views.proof, "pairing_proof"),
    ("<int:pk>/pairing/<int:number>/<slug:part>.json", views.download, "pairing_download"),
    ("<int:pk>/pairing/<int:number>/<int:proposal>/note/", directing.note, "pairing_note"),
    (
        "<int:pk>/pairing/<int:number>/<int:proposal>/introduce/",
        answering.introduce_cities,
        "pairing_introduce",
    ),
    ("<int:pk>/pairing/<int:number>/<int:proposal>/<slug:kind>/", directing.direct_pair, "pairing_direct"),
]
