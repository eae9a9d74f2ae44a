"""Requests of the suite and `fab` themselves to a site over HTTP, without a browser."""

import base64
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web import proxy
from acceptance.hosts.web.proxy import ProxyError

_MOST_BYTES = 1_000_000
_DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]


@dataclass(frozen=True)
class SiteLogIn:
    """A user and a password for the web server in front of a site (RFC 7617).

    Attributes:
        user: the user name, which contains no colon.
        password: the password.

    """

    user: SecretSetting
    password: SecretSetting

    @property
    def is_set(self) -> bool:
        """Whether both are set."""
        return self.user.value is not None and self.password.value is not None

    @property
    def header(self) -> str:
        """The value of the header Authorization."""
        both = f"{self.user.value}:{self.password.value}"
        return "Basic " + base64.b64encode(both.encode()).decode()

    def __str__(self) -> str:
        """Return the names of the variables that set it."""
        return f"{self.user.variable} and {self.password.variable}"


class NoAnswerError(Exception):
    """A site does not answer, or something else answers in its place; the message is a sentence."""


@dataclass(frozen=True)
class SiteAnswer:
    """The response of a web server.

    Attributes:
        status: HTTP's status code.
        reason: the phrase beside it.
        headers: its headers.
        content: the body, as far as it is read.

    """

    status: int
    reason: str
    headers: Message
    content: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is a web page."""
        return self.headers.get_content_type() in {"text/html", "application/xhtml+xml"}


class SiteRequests:
    """Sends requests to one site, without following redirects, like the browsers of a run.

    The user and password are sent only to the site itself, and only if it asks for them, so that no
    one else gets them.
    """

    def __init__(self, url: str, log_in: SiteLogIn | None = None) -> None:
        """Use the site whose home page is at `url`, with `log_in` if that is required."""
        self.url = url
        self._log_in = log_in if log_in and log_in.is_set else None
        self._variables = str(log_in)
        self._has_been_asked = False

    def ask(
        self,
        address: str,
        *,
        timeout: float,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> SiteAnswer:
        """Return the site's response.

        Args:
            address: a URL, or a path on the site.
            timeout: how long each answer may take, in seconds.
            method: the HTTP method.
            headers: additional headers.

        Raises:
            OSError: there is no response.
            ProxyError: a proxy prevents the request.
            HTTPException: the response is not HTTP.

        """
        link = urljoin(f"{self.url}/", address)
        is_own = origin_of(link) == origin_of(self.url)
        sent = dict(headers or {})
        if self._log_in and is_own and self._has_been_asked:
            sent["Authorization"] = self._log_in.header
        answer = self._answer(link, method, sent, timeout)
        if self._log_in and is_own and _asks_for_password(answer) and "Authorization" not in sent:
            self._has_been_asked = True
            sent["Authorization"] = self._log_in.header
            answer = self._answer(link, method, sent, timeout)
        return answer

    def answer(self, path: str, what: str, *, timeout: float) -> SiteAnswer:
        """Return the response of the site itself, with any status.

        Args:
            path: the path to request.
            what: what the site reports there, such as `who it is`.
            timeout: how long each answer may take, in seconds.

        Raises:
            NoAnswerError: there is no response, or it is not the site's.

        """
        try:
            answer = self.ask(path, timeout=timeout)
        except ProxyError as error:
            message = f"{error}."
            raise NoAnswerError(message) from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            shown = getattr(reason, "strerror", None) or reason
            message = (
                f"{self.url} does not answer ({shown}): check where the name leads, and that the "
                "site is running there."
            )
            if isinstance(reason, ssl.SSLCertVerificationError):
                message = (
                    f"The certificate of {self.url} cannot be trusted ({reason.verify_message}): "
                    "renew it, or make its authority known to this machine (SSL_CERT_FILE)."
                )
            raise NoAnswerError(message) from None
        except HTTPException:
            raise self._does_not_report(what) from None
        refusal = self.refusal_in(answer, path)
        if refusal is not None:
            raise NoAnswerError(refusal)
        return answer

    def facts_in(self, answer: SiteAnswer, what: str) -> Mapping[str, object]:
        """Return the JSON object in which the site reports something about itself.

        Args:
            answer: the response of the site.
            what: what it reports, such as `who it is`.

        Raises:
            NoAnswerError: the response contains no such object.

        """
        try:
            facts = json.loads(answer.content)
        except ValueError:
            facts = None
        if not isinstance(facts, dict):
            page = " but shows a web page, such as a login page or a parked domain"
            raise self._does_not_report(f"{what}{page if answer.is_page else ''}")
        return facts

    def refusal_in(self, answer: SiteAnswer, asked: str) -> str | None:
        """Return a sentence about why a response is not the site's, or None.

        Args:
            answer: the response to a request for the site.
            asked: the path that was requested.

        """
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return self._unauthorized(answer)
        if answer.status // 100 == HTTPStatus.MULTIPLE_CHOICES // 100:
            return self._redirected(answer, asked)
        return None

    def _answer(
        self, link: str, method: str, headers: Mapping[str, str], timeout: float
    ) -> SiteAnswer:
        request = Request(link, method=method, headers=dict(headers))  # noqa: S310
        opener = build_opener(_NoRedirects, proxy.handler_for(link))
        try:
            with opener.open(request, timeout=timeout) as answer:
                content = answer.read(_MOST_BYTES)
                return SiteAnswer(answer.status, answer.reason, answer.headers, content)
        except HTTPError as error:
            with error:
                proxy.check_passed_proxy(link, error.code)
                return SiteAnswer(error.code, str(error.reason), error.headers, b"")
        except OSError as error:
            raise proxy.explained(link, error) from None

    def _does_not_report(self, what: str) -> NoAnswerError:
        return NoAnswerError(
            f"{self.url} does not report {what}: check what the web server serves there."
        )

    def _unauthorized(self, answer: SiteAnswer) -> str:
        if not _asks_for_password(answer):
            scheme = (answer.headers.get("WWW-Authenticate") or "no known way").split()[0]
            return (
                f"{self.url} asks for {scheme} authentication (401), but only basic authentication "
                "is supported: configure the web server to ask for that."
            )
        if self._log_in is None:
            return f"{self.url} asks for a user and a password (401): set {self._variables}."
        return (
            f"{self.url} refused the user and the password in {self._variables} (401): correct "
            "them."
        )

    def _redirected(self, answer: SiteAnswer, asked: str) -> str:
        location = answer.headers.get("Location")
        if location is None:
            return f"{self.url} answers {answer.status} without a Location to redirect to."
        try:
            target = urljoin(f"{self.url}{asked}", location)
            there, here = origin_of(target), origin_of(self.url)
            shown = _shown(there)
        except ValueError:
            return f"{self.url} redirects to an address that cannot be used: correct that."
        if there == here:
            path = urlsplit(target).path or "/"
            return (
                f"{self.url} redirects {asked} to {path}, like a login page in front of a site: "
                f"let {asked} through there, or let the web server ask for basic authentication."
            )
        if there[:2] == ("https", here[1]) and here[0] == "http":
            return f"{self.url} redirects to {shown}: use {shown} instead."
        if there[1] == here[1]:
            return (
                f"{self.url} redirects to {shown}, which is another port or scheme: check what the "
                f"web server of {here[1]} does, and use the site's own address."
            )
        return (
            f"{self.url} redirects to {shown}, which is another host: check where the name leads,"
            f" and what the web server does with it; a login page on another host is not supported."
        )


def origin_of(address: str) -> Origin:
    """Return scheme, host and port of an address.

    Raises:
        ValueError: it has none.

    """
    parts = urlsplit(address)
    scheme = parts.scheme.lower()
    return scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(scheme)


def _shown(origin: Origin) -> str:
    scheme, host, port = origin
    return f"{scheme}://{host}" + ("" if port == _DEFAULT_PORTS.get(scheme) else f":{port}")


def _asks_for_password(answer: SiteAnswer) -> bool:
    challenges = answer.headers.get_all("WWW-Authenticate") or []
    return answer.status == HTTPStatus.UNAUTHORIZED and any(
        "basic" in challenge.lower() for challenge in challenges
    )


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect, so that the response is the redirect itself."""
