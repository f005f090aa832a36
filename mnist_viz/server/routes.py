"""The app's own addresses beside Streamlit's: none of them changes anything."""

from starlette.routing import BaseRoute, Route
from streamlit import config

from mnist_viz.server import assets, contesting, curve, mapping, parts, predict, probing


def routes() -> list[BaseRoute]:
    """Every route, under the path that the app is served at."""
    base = "/" + config.get_option("server.baseUrlPath").strip("/")
    base = base.rstrip("/")
    return [
        Route(f"{base}/{assets.PLOTLY_ROUTE}", assets.plotly_script),
        Route(f"{base}/api/digits/{{address}}", assets.digit_pixels),
        Route(f"{base}/api/runs/{{run}}/curve", curve.learning_curve),
        Route(f"{base}/api/runs/{{run}}/parts", parts.newest_parts),
        Route(f"{base}/api/runs/{{run}}/{{step}}/predict", predict.probabilities, methods=["POST"]),
        Route(f"{base}/api/maps/{{run}}/{{step:int}}", mapping.umap_progress),
        Route(f"{base}/api/probes/{{run}}/{{step:int}}", probing.probe_progress),
        Route(f"{base}/api/contests", contesting.contest_progress),
    ]
