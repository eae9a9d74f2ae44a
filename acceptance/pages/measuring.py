"""What scripts measure of an element, in words for messages: its start tag, place and style."""

_MEASURES = """
const tagOf = element => {
    const tag = element.cloneNode().outerHTML.replace(/<\\/[a-z0-9]+>$/i, "");
    return tag.length > 200 ? `${tag.slice(0, 200)}…` : tag;
};
const styleOf = (element, ...properties) => {
    const style = getComputedStyle(element);
    return properties.map(each => `${each}: ${style.getPropertyValue(each)}`).join("; ");
};
const sizeOf = ({width, height}) => `${Math.round(width)} by ${Math.round(height)} pixels`;
// Why a person does not see the middle of an element, or "".
const hiddenBy = element => {
    const {left, right, top, bottom} = element.getBoundingClientRect();
    const across = `${Math.round(left)} to ${Math.round(right)}`;
    const down = `${Math.round(top)} to ${Math.round(bottom)}`;
    const inFront = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (top < 0 || bottom > innerHeight || !inFront)
        return `it is at ${across} across and ${down} down of ${innerWidth} by ${innerHeight}`;
    return element.contains(inFront) ? "" : `${tagOf(inFront)} is in front of it`;
};
"""


def measuring(script: str) -> str:
    """Return a script that can use `tagOf`, `styleOf`, `sizeOf` and `hiddenBy`."""
    return f"{_MEASURES}{script}"
