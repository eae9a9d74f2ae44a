"""What scripts measure of an element, in words for messages: its start tag, place and style."""

# A tag is written from its attributes: a changed copy of a picture would be requested.
_MEASURES = """
const tagOf = element => {
    const written = [...element.attributes].map(({name, value}) => {
        const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
        return value === "" ? ` ${name}` : ` ${name}="${shown.replaceAll('"', "&quot;")}"`;
    });
    return `<${element.localName}${written.join("")}>`;
};
const styleOf = (element, ...properties) => {
    const style = getComputedStyle(element);
    return properties.map(each => `${each}: ${style.getPropertyValue(each)}`).join("; ");
};
const sizeOf = ({width, height}) => `${Math.round(width)} by ${Math.round(height)} pixels`;
const placeOf = ({left, right, top, bottom}) => `at ${Math.round(left)} to ${Math.round(right)} `
    + `across and ${Math.round(top)} to ${Math.round(bottom)} down`;
// Why a person does not see the middle of an element, or "".
const hiddenBy = element => {
    const box = element.getBoundingClientRect();
    const {left, right, top, bottom} = box;
    const inFront = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (top < 0 || bottom > innerHeight || !inFront)
        return `it is ${placeOf(box)} of ${innerWidth} by ${innerHeight}`;
    return element.contains(inFront) ? "" : `${tagOf(inFront)} is in front of it`;
};
"""


def measuring(script: str) -> str:
    """Return a script that can use `tagOf`, `styleOf`, `sizeOf`, `placeOf` and `hiddenBy`."""
    return f"{_MEASURES}{script}"
