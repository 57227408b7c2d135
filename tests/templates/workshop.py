"""Pages that the scripts work on, and answers of every kind to what they ask."""

from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request

from tests.templates.site import ReplyForm, moments


@dataclass
class Workshop:
    """What the site was asked, and how it shall answer next."""

    drafts: list[dict[str, str]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    pulses: list[str] = field(default_factory=list)
    draft_status: int = HTTPStatus.NO_CONTENT
    reply_status: int = HTTPStatus.OK
    news: str = ""
    unread: int = 0

    def blueprint(self) -> Blueprint:
        """The routes."""
        bp = Blueprint("workshop", __name__)
        bp.get("/workshop")(self.page)
        bp.post("/workshop/reply")(self.reply)
        bp.post("/workshop/preview")(self.preview)
        bp.post("/draft")(self.draft)
        bp.get("/pulse")(self.pulse)
        return bp

    def page(self) -> str:
        """A list that goes on, and a composer."""
        number = int(request.args.get("page", 1))
        return render_template(
            "workshop.html",
            form=ReplyForm(),
            moments=moments(),
            numbers=range(number * 3 - 2, number * 3 + 1),
            next_page=number + 1 if number < 3 else None,
            seq=int(request.args.get("seq", 4)),
        )

    def reply(self) -> tuple[str, int]:
        """The new post and an empty composer, or the composer again, or an error."""
        if self.reply_status >= HTTPStatus.BAD_REQUEST:
            page = render_template(
                f"errors/{self.reply_status}.html",
                status=self.reply_status,
                reference="6a8f0b31",
                partial=True,
            )
            return page, self.reply_status
        form = ReplyForm(request.form)
        if not form.validate():
            return render_template("_composer.html", form=form, seq=4), HTTPStatus.UNPROCESSABLE_ENTITY
        self.replies.append(str(form.body.data))
        return render_template("_posted.html", form=ReplyForm(), body=form.body.data), HTTPStatus.OK

    def preview(self) -> str:
        """What was written, as it will look."""
        return f"<p>Preview of {len(request.form['body'])} characters</p>"

    def draft(self) -> tuple[str, int]:
        """Take a draft, or refuse it."""
        self.drafts.append(dict(request.form))
        return "", self.draft_status

    def pulse(self) -> Response:
        """Whether others have written."""
        self.pulses.append(request.headers.get("If-None-Match", ""))
        if not self.news and not self.unread:
            return Response(status=HTTPStatus.NOT_MODIFIED)
        news = f'<a href="#posts">{self.news}</a>' if self.news else ""
        said = f'<span class="only-heard">Notices, {self.unread} unread</span>'
        bell = (
            f'<a href="#new" data-pulse="bell" data-count="{self.unread}">{said}</a>' if self.unread else ""
        )
        return Response(news + bell, headers={"ETag": '"1"'})
