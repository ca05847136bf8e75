"""The packages openai and anthropic, unmodified, through the gateway. Arguments: its address, a key, what the models say in the end."""

import json
import sys

import anthropic
import openai

url, key, seen = sys.argv[1:]
QUESTION = [{"role": "user", "content": "Weather in Bonn?"}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


def with_openai(model):
    client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
    whole = client.chat.completions.create(model=model, messages=QUESTION)
    assert whole.choices[0].message.content == seen, whole
    assert whole.usage.prompt_tokens == 10, whole
    text = ""
    for chunk in client.chat.completions.create(model=model, messages=QUESTION, stream=True):
        text += chunk.choices[0].delta.content or "" if chunk.choices else ""
    assert text == seen, text
    tools = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
    first = client.chat.completions.create(model=model, messages=QUESTION, tools=tools).choices[0]
    call = first.message.tool_calls[0]
    assert first.finish_reason == "tool_calls" and json.loads(call.function.arguments) == {"city": "Bonn"}, first
    result = {"role": "tool", "tool_call_id": call.id, "content": "Sunny."}
    messages = [*QUESTION, first.message.model_dump(exclude_none=True), result]
    second = client.chat.completions.create(model=model, messages=messages, tools=tools)
    assert second.choices[0].message.content == seen, second
    try:
        client.chat.completions.create(model="unknown", messages=QUESTION)
        raise AssertionError("a model that does not exist has answered")
    except openai.NotFoundError:
        pass


def with_anthropic(model):
    client = anthropic.Anthropic(base_url=f"{url}/anthropic", api_key=key, max_retries=0)
    common = {"model": model, "max_tokens": 100}
    whole = client.messages.create(messages=QUESTION, **common)
    assert whole.content[0].text == seen and whole.stop_reason == "end_turn", whole
    with client.messages.stream(messages=QUESTION, **common) as stream:
        final = stream.get_final_message()
    assert final.content[0].text == seen, final
    tools = [{"name": "weather", "input_schema": SCHEMA}]
    with client.messages.stream(messages=QUESTION, tools=tools, **common) as stream:
        first = stream.get_final_message()
    assert first.stop_reason == "tool_use" and first.content[0].input == {"city": "Bonn"}, first
    result = {"type": "tool_result", "tool_use_id": first.content[0].id, "content": "Sunny."}
    messages = [*QUESTION, {"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
    second = client.messages.create(messages=messages, tools=tools, **common)
    assert second.content[0].text == seen, second


for name in ("chat", "claude"):
    with_openai(name)
    print(f"openai {openai.__version__}, {name}: ok")
    with_anthropic(name)
    print(f"anthropic {anthropic.__version__}, {name}: ok")
